import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AccessError, type AccessErrorCode } from '../errors.ts';
import { isObject, type Json } from '../parsing/findings.ts';

/** CloudFormation takes templates of 1 MB; manifests with all their metadata grow larger, but never to this. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

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

/** Reads a file of the assembly, which must hold a JSON object. */
export function readJsonObject(file: string, code: AccessErrorCode): Json {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    throw new AccessError(code, `${file} is missing, though the assembly names it: run "npx cdk synth" again`);
  }
  if (stats.size > MAX_FILE_BYTES) {
    throw new AccessError('FILE_TOO_LARGE', `${file} has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are read`);
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new AccessError(code, `${file} is not JSON: run "npx cdk synth" again`, [], { cause });
  }
  if (!isObject(json)) throw new AccessError(code, `${file} must hold a JSON object: run "npx cdk synth" again`);
  return json;
}

/** Members of an object, or none where there is no object. */
export function membersOf(json: unknown): readonly (readonly [string, Json])[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([name, member]) => (isObject(member) ? [[name, member] as const] : []));
}

/** A member that is an object, or an empty one. */
export function objectAt(json: Json, name: string): Json {
  const member = json[name];
  return isObject(member) ? member : {};
}

export function stringAt(json: Json, name: string): string | undefined {
  const member = json[name];
  return typeof member === 'string' ? member : undefined;
}
