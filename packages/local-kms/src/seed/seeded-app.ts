import type { Assembly } from '@cdk-keysmith/access';
import { LocalKmsError } from '../errors.ts';
import { type Identities, replacePrincipals } from '../identity/identities.ts';
import type { Settings } from '../options.ts';
import { clearStore, type Store } from '../state/store.ts';
import { watchApp } from '../watch/watch-app.ts';
import { type App, NO_APP } from './app.ts';
import { type Applied, applyApp, readApp } from './apply.ts';
import type { AppChange } from './change.ts';
import { NOTHING_DECLARED } from './declared.ts';
import { type Directory, directoryOf } from './directory.ts';

/** The app of a server, which may be applied again while it runs. */
export interface SeededApp {
  readonly app: () => App;
  readonly directory: () => Directory;
  /** @throws {@link LocalKmsError} `INVALID_APP`, and everything stays as it was */
  readonly update: () => readonly AppChange[];
  /** Forgets all keys, and makes those of the app anew, as it was applied last. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const NOTHING_APPLIED: Applied = { app: NO_APP, declared: NOTHING_DECLARED, changes: [] };

type SeedSettings = Pick<Settings, 'app' | 'account' | 'region' | 'clock' | 'watch' | 'onUpdate'>;

/** @throws {@link LocalKmsError} `INVALID_APP` */
export function createSeededApp(settings: SeedSettings, store: Store, identities: Identities): SeededApp {
  const { app: path, account, region, clock, watch, onUpdate } = settings;
  let applied = NOTHING_APPLIED;
  let latest: Assembly | undefined;
  let directory = directoryOf(NO_APP);

  const apply = (assembly: Assembly): readonly AppChange[] => {
    const { app: earlier, declared: before } = applied;
    latest = assembly;
    applied = applyApp(assembly, { store, defaults: { account, region }, now: clock(), before, earlier });
    directory = directoryOf(applied.app);
    replacePrincipals(
      identities,
      applied.app.principals.map(({ principal }) => principal),
    );
    return applied.changes;
  };
  if (path !== undefined) apply(readApp(path));
  const watcher =
    path === undefined || !watch
      ? undefined
      : watchApp({
          paths: [path],
          read: () => readApp(path),
          apply: (assembly) => {
            const changes = apply(assembly);
            onUpdate({ applied: true, changes, problems: applied.app.problems });
          },
          broken: (cause) => onUpdate({ applied: false, error: brokenApp(path, cause) }),
        });
  return {
    app: () => applied.app,
    directory: () => directory,
    update: () => (path === undefined ? [] : apply(readApp(path))),
    reset: () => {
      clearStore(store);
      applied = NOTHING_APPLIED;
      if (latest !== undefined) apply(latest);
    },
    close: async () => watcher?.close(),
  };
}

function brokenApp(path: string, cause: unknown): LocalKmsError {
  if (cause instanceof LocalKmsError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LocalKmsError('INVALID_APP', `cannot watch the app in ${path}: ${why}`, { cause });
}
