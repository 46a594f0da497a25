import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { counts, DEPTH, isAsset, stampOf } from './stamp.ts';

/** What to do with an app that was written again. */
export interface Watching<T> {
  /** Folders of assemblies or templates, and files. */
  readonly paths: readonly string[];
  /** Reads the app. What it throws means that the app is broken, or not yet written to its end. */
  readonly read: () => T;
  /** Takes what was read, once for each time that the files changed. */
  readonly apply: (app: T) => void;
  /** Is told what `read` threw, when nobody has written for a while and it is therefore no matter of waiting. */
  readonly broken: (error: unknown) => void;
}

export interface Watcher {
  close(): Promise<void>;
}

/** Milliseconds without a write after which an app is read that looks complete. */
const QUIET_MS = 100;
/** Milliseconds without a write after which an app is read that looks incomplete, and is broken if it cannot be. */
const PATIENCE_MS = 2_000;
/** Milliseconds between two looks at what no event tells of. */
const LOOK_MS = 1_000;

/**
 * Watches an app until it is closed. It keeps no process alive.
 *
 * `cdk synth` writes many files, the manifest last. An app that is being written is waited for, and read only when it was
 * the same before and after.
 */
export function watchApp<T>({ paths, read, apply, broken }: Watching<T>): Watcher {
  // A folder whose manifest is gone for a moment must not be taken for one of mere templates.
  const manifests = paths.map((path) => join(path, 'manifest.json')).filter((path) => existsSync(path));
  let seen = stampOf(paths).text;
  let latest = { text: seen, since: performance.now() };
  let timer: NodeJS.Timeout | undefined;
  let unseen = false;

  function look(): void {
    // That a folder which was gone is back, or a link leads elsewhere, no event tells.
    unseen ||= !paths.every(isItself);
    if (unseen) wait(LOOK_MS);
    const stamp = stampOf(paths);
    if (stamp.text === seen) return;
    if (stamp.text !== latest.text) latest = { text: stamp.text, since: performance.now() };
    const waited = performance.now() - latest.since >= PATIENCE_MS;
    if (!waited && !(stamp.complete && manifests.every((path) => existsSync(path)))) {
      wait(PATIENCE_MS + QUIET_MS);
      return;
    }
    try {
      const app = read();
      if (stampOf(paths).text !== stamp.text) {
        wait(QUIET_MS);
        return;
      }
      seen = stamp.text;
      apply(app);
    } catch (error) {
      if (!waited) {
        wait(PATIENCE_MS + QUIET_MS);
        return;
      }
      seen = stamp.text;
      broken(error);
    }
  }

  function wait(millis: number): void {
    clearTimeout(timer);
    timer = setTimeout(look, millis).unref();
  }

  let closed = false;
  // Loaded for those who watch alone.
  const opened = import('chokidar').then(({ watch }) => {
    if (closed) return undefined;
    const watcher = watch([...paths], {
      persistent: false,
      ignoreInitial: true,
      depth: DEPTH,
      ignored: (path, stats) => isAsset(path) || (stats?.isFile() === true && !counts(path)),
    });
    watcher.on('all', () => wait(QUIET_MS));
    // Something may have been written before it watched.
    watcher.on('ready', () => wait(QUIET_MS));
    watcher.on('error', broken);
    return watcher;
  }, broken);

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await (await opened)?.close();
      clearTimeout(timer);
    },
  };
}

/** Whether something is there, and no part of its path is a link. */
function isItself(path: string): boolean {
  try {
    return realpathSync(path) === path;
  } catch {
    return false;
  }
}
