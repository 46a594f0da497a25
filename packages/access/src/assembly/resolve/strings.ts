import { isObject } from '../../parsing/findings.ts';
import { asValue, Choice, decided, isList, isRecord, type Outcome } from '../../symbolic/outcome.ts';
import { concat, isSymbolic, partsOf, unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { withDynamicReferences } from './dynamic.ts';
import { listInWords } from './lists.ts';
import { attributeOf, refOf } from './references.ts';
import { bounded, type Scope } from './scope.ts';

export function join(argument: unknown, scope: Scope): Outcome {
  const [delimiter, list] = Array.isArray(argument) ? argument : [];
  const items = scope.resolve(list);
  // A choice between two strings stays inside of the result; one between a string and nothing makes another list.
  if (isList(items) && items.every((item) => asValue(item) !== undefined)) return joined(delimiter, items, scope);
  return decided([items], ([decidedItems]) => joined(delimiter, decidedItems, scope));
}

function joined(delimiter: unknown, items: Outcome, scope: Scope): Value {
  if (typeof delimiter !== 'string' || !isList(items)) return unknown(`Fn::Join of ${listInWords(items)}`);
  const values = items.map((item) => asValue(item) ?? unknown('Fn::Join of something that is no string'));
  return finished(
    values.flatMap((value, index) => (index === 0 ? [value] : [delimiter, value])),
    scope,
  );
}

export function sub(argument: unknown, scope: Scope): Outcome {
  const [template, variables] = Array.isArray(argument) ? argument : [argument];
  if (typeof template !== 'string') return unknown('Fn::Sub without a text');
  const own = isObject(variables) ? variables : {};
  const pieces = template.split(/\$\{([^{}]*)\}/).map((piece, index): Value => {
    if (index % 2 === 0) return piece;
    // `${!Name}` is the text `${Name}`: so IAM's variables pass through CloudFormation.
    if (piece.startsWith('!')) return `\${${piece.slice(1)}}`;
    const name = piece.trim();
    const [logicalId = '', ...attribute] = name.split('.');
    const outcome = Object.hasOwn(own, name)
      ? scope.resolve(own[name])
      : attribute.length > 0
        ? attributeOf(logicalId, attribute.join('.'), scope)
        : refOf(name, scope);
    return asValue(outcome) ?? unknown(`Fn::Sub of ${name}, which is no string`);
  });
  return finished(pieces, scope);
}

/** One string; a dynamic reference may only now be whole. */
function finished(pieces: readonly Value[], { environment }: Scope): Value {
  return bounded(withDynamicReferences(concat(pieces), environment));
}

export function base64(argument: unknown, scope: Scope): Outcome {
  return decided([scope.resolve(argument)], ([outcome]) => {
    const value = asValue(outcome);
    if (typeof value === 'string') return bounded(Buffer.from(value).toString('base64'));
    return unknown('Fn::Base64 of a string that is not known before deployment');
  });
}

/** The text of a JSON document; strings in it that are not known stand where they will be. */
export function toJsonString(argument: unknown, scope: Scope): Outcome {
  const pieces: Value[] = [];
  return writeJson(scope.resolve(argument), pieces)
    ? bounded(concat(pieces))
    : unknown('Fn::ToJsonString of something that is decided at deployment');
}

/** False where the structure, and not only a string in it, is not known. */
function writeJson(outcome: Outcome, pieces: Value[]): boolean {
  if (outcome instanceof Choice || outcome === undefined) return false;
  if (isSymbolic(outcome)) {
    const inner = partsOf(outcome).map((part): Value => {
      return typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : { parts: [part] };
    });
    pieces.push('"', ...inner, '"');
    return true;
  }
  if (isList(outcome)) {
    pieces.push('[');
    const written = outcome.every((item, index) => {
      if (index > 0) pieces.push(',');
      return writeJson(item, pieces);
    });
    pieces.push(']');
    return written;
  }
  if (isRecord(outcome)) {
    pieces.push('{');
    const written = Object.entries(outcome).every(([name, member], index) => {
      pieces.push(`${index > 0 ? ',' : ''}${JSON.stringify(name)}:`);
      return writeJson(member, pieces);
    });
    pieces.push('}');
    return written;
  }
  pieces.push(JSON.stringify(outcome));
  return true;
}
