import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import { isObject } from '../../parsing/findings.ts';
import { objectAt, readText } from './files.ts';
import { readJsonText, type Template } from './json-text.ts';
import { withoutLoops } from './loops.ts';
import { withoutServerless } from './serverless.ts';
import { readYamlText } from './yaml-text.ts';

/** File names that say what the text is; every other text is what it looks like. */
const [JSON_NAME, YAML_NAME] = [/\.json$/i, /\.ya?ml$/i];

/**
 * Reads the text of a template: JSON or YAML, as its name says or as it begins.
 * @throws {AccessError} `MALFORMED_TEMPLATE`, `LIMIT_EXCEEDED` or `FILE_TOO_LARGE`, with `name` in front
 */
export function parseTemplate(text: string, name: string): Template {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const isJson = JSON_NAME.test(name) || (!YAML_NAME.test(name) && /^\s*[{[]/.test(plain));
  const limit = isJson ? LIMITS.jsonBytes : LIMITS.yamlBytes;
  if (plain.length > limit.most) {
    throw new AccessError('FILE_TOO_LARGE', `${name} is longer than ${limit.most}, the limit for ${limit.of}`);
  }
  const { json, positions } = isJson ? readJsonText(plain, name) : readYamlText(plain, name);
  if (!isObject(json))
    throw new AccessError('MALFORMED_TEMPLATE', `${name} must hold an object, as every template does`);
  const template = withoutServerless(withoutLoops({ json, positions }, name));
  within(LIMITS.resources, Object.keys(objectAt(template.json, 'Resources')).length, name);
  return template;
}

export function readTemplate(file: string): Template {
  return parseTemplate(readText(file, 'MALFORMED_TEMPLATE', LIMITS.jsonBytes), file);
}
