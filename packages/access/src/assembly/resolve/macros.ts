import { isObject, type Json } from '../../parsing/findings.ts';
import { stringAt } from '../input/files.ts';

/** Transforms of AWS that leave everything as it is read here, or that are read here. */
const READ: ReadonlySet<string> = new Set(['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31']);

/** Names of the macros that a template is sent through as a whole and whose work is not known here. */
export function unreadMacros(template: Json): readonly string[] {
  const transform = template['Transform'];
  const list = Array.isArray(transform) ? transform : transform === undefined ? [] : [transform];
  return list.flatMap((item) => {
    const name = typeof item === 'string' ? item : (macroName(item) ?? 'without a name');
    return READ.has(name) ? [] : [name];
  });
}

/** `{"Name": "AWS::Include", "Parameters": {"Location": "s3://…"}}`: which macro; undefined: there is none. */
export function macroName(transform: unknown): string | undefined {
  if (transform === undefined) return undefined;
  if (!isObject(transform)) return 'without a name';
  const parameters = transform['Parameters'];
  const location = isObject(parameters) ? stringAt(parameters, 'Location') : undefined;
  const name = stringAt(transform, 'Name') ?? 'without a name';
  return location === undefined ? name : `${name} of ${location}`;
}
