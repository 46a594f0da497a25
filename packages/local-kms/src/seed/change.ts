import type { LocalKmsError } from '../errors.ts';

/** What an application of the app did to one thing of it. */
export interface AppChange {
  readonly kind: 'key' | 'alias' | 'grant' | 'role' | 'user' | 'function' | 'container';
  /** Its construct path. */
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** What changed in it, or what became of it: `key policy`, `tags`, `deleted on 2026-12-28`. */
  readonly details: readonly string[];
}

/** What came of an app that was written again while it is watched. */
export type AppUpdate =
  | { readonly applied: true; readonly changes: readonly AppChange[]; readonly problems: readonly string[] }
  /** The app cannot be read; everything stays as it was. */
  | { readonly applied: false; readonly error: LocalKmsError };
