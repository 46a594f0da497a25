import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What the files of an app looked like at one moment. */
export interface Stamp {
  /** The same as long as no file that counts was written. */
  readonly text: string;
  /**
   * Whether the app was written to its end: `cdk synth` writes `manifest.json` after everything that it names, so an older
   * one is that of the synthesis before. Always true for templates.
   */
  readonly complete: boolean;
}

/** Nested assemblies are folders of the assembly; nothing lies deeper. */
export const DEPTH = 1;
const MANIFEST = 'manifest.json';

/** Whether a file can say something about keys: manifests, templates, seed files. */
export function counts(path: string): boolean {
  return /\.(json|ya?ml|template)$/i.test(path) && basename(path) !== 'tree.json';
}

/** Folders of code that functions are made of: large, and never read. */
export function isAsset(path: string): boolean {
  return /^asset\./.test(basename(path));
}

/** @param paths - folders of assemblies or templates, and files */
export function stampOf(paths: readonly string[]): Stamp {
  const parts = paths.map((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() ? filesIn(path, DEPTH) : [fileAt(path)];
  });
  return {
    text: JSON.stringify(parts.map((files) => files.map(({ path, modified, size }) => [path, modified, size]))),
    complete: parts.every(isComplete),
  };
}

interface FileStamp {
  readonly path: string;
  /** Milliseconds with fractions; NaN where there is no file. */
  readonly modified: number;
  readonly size: number;
}

function filesIn(directory: string, depth: number): readonly FileStamp[] {
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return depth > 0 && !isAsset(path) ? filesIn(path, depth - 1) : [];
    return counts(path) ? [fileAt(path)] : [];
  });
}

/** A folder that has just gone has no entries. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function fileAt(path: string): FileStamp {
  const stats = statSync(path, { throwIfNoEntry: false });
  return { path, modified: stats?.mtimeMs ?? Number.NaN, size: stats?.size ?? 0 };
}

function isComplete(files: readonly FileStamp[]): boolean {
  const manifests = files.filter(({ path }) => basename(path) === MANIFEST);
  if (manifests.length === 0) return true;
  const newest = Math.max(...manifests.map(({ modified }) => modified));
  return files.every(({ modified }) => modified <= newest);
}
