import { mayContain } from '../symbolic/alphabet.ts';
import type { Outcome } from '../symbolic/outcome.ts';
import { concat, isSymbolic, partsOf, unknown } from '../symbolic/text.ts';
import type { Unresolved, Value } from '../value.ts';
import { requireBounds } from './bounds.ts';
import { isObject } from './findings.ts';

/** What stands for a part that is not known while the text around it is parsed: characters that nobody assigns. */
const [BEGIN, END] = ['\uE000', '\uE001'];
const PART = /\uE000(\d+)\uE001/;
/** The same in a text of the template, or as an escape that JSON makes them of. */
const STAND_IN = /[\uE000\uE001]|\\ue00[01]/i;

/**
 * A policy document that is given as text: CloudFormation takes JSON in a string too. Undefined: the text is no JSON, or
 * what deployment puts into it may be more than a part of one string.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export function documentInText(value: Value, name: string): Outcome {
  const open: Unresolved[] = [];
  const text = partsOf(value).map((part) => {
    if (typeof part === 'string') return part;
    return `${BEGIN}${open.push(part) - 1}${END}`;
  });
  const known = partsOf(value).filter((part) => typeof part === 'string');
  if (known.some((part) => STAND_IN.test(part)) || open.some(breaksOut)) return undefined;
  const json = parsed(text.join(''));
  if (!isObject(json)) return undefined;
  requireBounds(json, name);
  return withParts(json, open);
}

/** A quotation mark ends the string that a part stands in, and a backslash takes the meaning from the one after it. */
function breaksOut(part: Unresolved): boolean {
  return mayContain(part, '"') || mayContain(part, '\\');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withParts(json: unknown, open: readonly Unresolved[]): Outcome {
  if (typeof json === 'string') return textWithParts(json, open);
  if (Array.isArray(json)) return json.map((item) => withParts(item, open));
  if (!isObject(json)) return isSymbolic(json) ? unknown('an object that no policy holds') : (json as Outcome);
  const members: Record<string, Outcome> = Object.create(null);
  for (const [member, inner] of Object.entries(json)) {
    if (PART.test(member)) return unknown(`a name in it is known after deployment only`);
    members[member] = withParts(inner, open);
  }
  return members;
}

function textWithParts(text: string, open: readonly Unresolved[]): Value {
  return concat(
    text.split(PART).map((piece, index): Value => {
      const part = index % 2 === 0 ? undefined : open[Number(piece)];
      return part === undefined ? piece : { parts: [part] };
    }),
  );
}
