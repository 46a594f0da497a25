import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { readText } from './files.ts';
import { type Position, readJsonText } from './json-text.ts';
import { readYamlText } from './yaml-text.ts';

/** A template, and where its resources are declared. */
export interface Template {
  readonly json: Json;
  readonly positions: ReadonlyMap<string, Position>;
}

/** File names of YAML; every other name is tried as JSON first. */
const YAML = /\.ya?ml$/i;

/**
 * Reads the text of a template: JSON, or YAML where the name says so or the text does not begin as JSON does.
 * @throws {AccessError} `MALFORMED_TEMPLATE`, `LIMIT_EXCEEDED` or `FILE_TOO_LARGE`, with `name` in front
 */
export function parseTemplate(text: string, name: string): Template {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const isJson = !YAML.test(name) && /^\s*[{[]/.test(plain);
  const limit = isJson ? LIMITS.jsonBytes : LIMITS.yamlBytes;
  if (plain.length > limit.most) {
    throw new AccessError('FILE_TOO_LARGE', `${name} is longer than ${limit.most}, the limit for ${limit.of}`);
  }
  const { json, positions } = isJson ? readJsonText(plain, name) : readYamlText(plain, name);
  if (!isObject(json))
    throw new AccessError('MALFORMED_TEMPLATE', `${name} must hold an object, as every template does`);
  const resources = json['Resources'];
  within(LIMITS.resources, isObject(resources) ? Object.keys(resources).length : 0, name);
  return { json, positions };
}

export function readTemplate(file: string): Template {
  return parseTemplate(readText(file, 'MALFORMED_TEMPLATE', LIMITS.jsonBytes), file);
}
