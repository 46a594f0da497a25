import { existsSync } from 'node:fs';
import type { SourcePosition } from '../../model.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { inside, objectAt, stringAt } from './files.ts';
import type { Reading } from './reading.ts';

/** One construct that stands for a resource. */
export interface ConstructEntry {
  /** Without the leading slash, with the resource at the end: `Orders/Key/Resource`. */
  readonly path: string;
  /** Where the author's code makes it, as far as `cdk synth` recorded that. */
  readonly source: SourcePosition | undefined;
}

/** Constructs by logical id. A stack and those nested in it share the list, so that an id may stand for several. */
export type Metadata = ReadonlyMap<string, readonly ConstructEntry[]>;

/** A rule of a validation plugin that the author has acknowledged for a construct and all below it. */
export interface Acknowledgement {
  /** Without the leading slash. */
  readonly path: string;
  /** With the plugin: `keysmith::rotation-disabled`. */
  readonly id: string;
  readonly reason: string;
}

/** What the assembly says about the constructs of a stack. */
export interface ConstructMetadata {
  readonly metadata: Metadata;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** Metadata is in the manifest, or, since 2025, in a file beside the template. */
export function readMetadata(reading: Reading, directory: string, artifact: Json): ConstructMetadata {
  const acknowledgements: Acknowledgement[] = [];
  const beside = stringAt(artifact, 'additionalMetadataFile');
  const file = beside === undefined ? undefined : inside(reading.root, directory, beside);
  const more = file === undefined || !existsSync(file) ? {} : reading.json(file);
  const found = new Map<string, ConstructEntry[]>();
  for (const [path, list] of Object.entries({ ...objectAt(artifact, 'metadata'), ...more })) {
    const entries = Array.isArray(list) ? list.filter(isObject) : [];
    const source = sourceIn(entries);
    acknowledgements.push(...acknowledgedIn(entries, path.replace(/^\//, '')));
    for (const { type, data } of entries) {
      if (type !== 'aws:cdk:logicalId' || typeof data !== 'string') continue;
      const others = found.get(data);
      const entry = { path: path.replace(/^\//, ''), source };
      if (others === undefined) found.set(data, [entry]);
      else others.push(entry);
    }
  }
  return { metadata: found, acknowledgements };
}

/** `Validations.of(scope).acknowledge(…)` leaves an entry with reasons by rule. */
function acknowledgedIn(entries: readonly Json[], path: string): readonly Acknowledgement[] {
  return entries
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ data }) => (isObject(data) ? Object.entries(data) : []))
    .flatMap(([id, reason]) => (typeof reason === 'string' ? [{ path, id, reason }] : []));
}

/** The stack at which the construct was made: an entry of its own, or, in older assemblies, part of every entry. */
function sourceIn(entries: readonly Json[]): SourcePosition | undefined {
  const own = entries.find(({ type }) => type === 'aws:cdk:creationStack')?.['data'];
  const traces = [own, ...entries.map(({ trace }) => trace)];
  for (const frames of traces) {
    for (const frame of Array.isArray(frames) ? frames : []) {
      const position = typeof frame === 'string' ? positionIn(frame) : undefined;
      if (position !== undefined) return position;
    }
  }
  return undefined;
}

/** Longer than any line of a stack trace that names a file. */
const MAX_FRAME = 4096;

/** `new Orders (lib/orders.ts:12:5)`, `at lib/orders.ts:12:5`; frames of libraries and of Node.js are left out. */
function positionIn(frame: string): SourcePosition | undefined {
  if (frame.length > MAX_FRAME || frame.includes('node_modules') || frame.includes('node:')) return undefined;
  const [, place = '', line, column] = /^(.*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  // A path may hold blanks and brackets: what is in front of it ends with the first " (".
  const bracket = place.indexOf(' (');
  const file = (bracket < 0 ? place.replace(/^\s*at /, '') : place.slice(bracket + 2)).trim();
  return file === '' ? undefined : { file, line: Number(line), column: Number(column) };
}
