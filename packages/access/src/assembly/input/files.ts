import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AccessError, type AccessErrorCode } from '../../errors.ts';
import { LIMITS, type Limit } from '../../limits.ts';
import { isObject, type Json } from '../../parsing/findings.ts';

/** Absolute path of a file that the assembly names. */
export function inside(root: string, directory: string, name: string): string {
  const path = resolve(directory, name);
  if (!isInside(root, path) || (existsSync(path) && !isInside(realpathSync(root), realpathSync(path)))) {
    throw new AccessError(
      'PATH_OUTSIDE_ASSEMBLY',
      `${resolve(directory, 'manifest.json')} names ${JSON.stringify(name)}, which lies outside ${root}: ` +
        'the assembly was altered; run "npx cdk synth" again',
    );
  }
  return path;
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The text of a file.
 * @throws {AccessError} `code` where there is no file, `FILE_TOO_LARGE`
 */
export function readText(file: string, code: AccessErrorCode, limit: Limit): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new AccessError(code, `${file} is missing, or is no file`);
  if (stats.size > limit.most) {
    throw new AccessError(
      'FILE_TOO_LARGE',
      `${file} has ${stats.size} bytes; ${limit.most} is the limit for ${limit.of}`,
    );
  }
  return readFileSync(file, 'utf8');
}

/** Reads a manifest or metadata file of the assembly, which must hold a JSON object. */
export function readJsonObject(file: string): Json {
  const text = readText(file, 'MALFORMED_MANIFEST', LIMITS.fileBytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AccessError('MALFORMED_MANIFEST', `${file} is not JSON: run "npx cdk synth" again`, [], { cause });
  }
  if (isObject(json)) return json;
  throw new AccessError('MALFORMED_MANIFEST', `${file} must hold a JSON object: run "npx cdk synth" again`);
}

/** Members of an object, or none where there is no object. */
export function membersOf(json: unknown): readonly (readonly [string, Json])[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([name, member]) => (isObject(member) ? [[name, member] as const] : []));
}

/** A member that is an object, or an empty one. Names may come from a template: what every object inherits is no member. */
export function objectAt(json: Json, name: string): Json {
  const member = Object.hasOwn(json, name) ? json[name] : undefined;
  return isObject(member) ? member : {};
}

export function stringAt(json: Json, name: string): string | undefined {
  const member = Object.hasOwn(json, name) ? json[name] : undefined;
  return typeof member === 'string' ? member : undefined;
}
