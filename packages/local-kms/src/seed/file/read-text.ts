import { readFileSync, statSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { LocalKmsError } from '../../errors.ts';
import { MAX_SEED_BYTES } from './seed-shape.ts';

/** Aliases of YAML may stand for so many nodes in all. */
const MAX_ALIASES = 1_000;

/**
 * Reads YAML, of which JSON is a part. Nothing of the text is in an error: it may be key material.
 * @throws {@link LocalKmsError} `INVALID_SEED`
 */
export function readSeedText(path: string): unknown {
  const document = parsed(textOf(path), path);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw invalidSeed(path, ['its aliases do not fit: they name nothing, or stand for too much']);
  }
}

function textOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw invalidSeed(path, ['there is no such file']);
  if (stats.size > MAX_SEED_BYTES) {
    throw invalidSeed(path, [`it has ${stats.size} bytes; at most ${MAX_SEED_BYTES} are read`]);
  }
  return readFileSync(path, 'utf8');
}

function parsed(text: string, path: string) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  if (document.errors.length === 0) return document;
  const places = document.errors.slice(0, MAX_ERRORS).map(({ pos, code }) => {
    const { line, col } = lineCounter.linePos(pos[0]);
    return `line ${line}, column ${col} is not YAML (${code})`;
  });
  throw invalidSeed(path, places);
}

const MAX_ERRORS = 20;

export function invalidSeed(path: string, problems: readonly string[]): LocalKmsError {
  const told = problems.slice(0, MAX_ERRORS);
  const more = problems.length > told.length ? [`and ${problems.length - told.length} more`] : [];
  return new LocalKmsError('INVALID_SEED', `the seed file ${path} cannot be used: ${[...told, ...more].join('; ')}`);
}
