import { LIMITS, within } from '../../limits.ts';
import type { Json } from '../../parsing/findings.ts';
import { readJsonObject } from './files.ts';
import type { Template } from './json-text.ts';
import { readTemplate } from './template.ts';

/** One cloud assembly while it is being read: what its files name many times is read once, and all of it is counted. */
export interface Reading {
  /** Folder that nothing outside of is read. */
  readonly root: string;
  readonly template: (file: string) => Template;
  /** A manifest, an asset list or a metadata file. */
  readonly json: (file: string) => Json;
  /** Counts a stage or a stack that `file` names. */
  readonly count: (file: string) => void;
}

export function readingOf(root: string): Reading {
  let count = 0;
  return {
    root,
    template: once(readTemplate),
    json: once(readJsonObject),
    count: (file) => within(LIMITS.templates, ++count, file),
  };
}

function once<T>(read: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const result = read(file);
    known.set(file, result);
    return result;
  };
}
