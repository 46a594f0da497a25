import { usingRandom } from '../crypto/random.ts';
import { LocalKmsError } from '../errors.ts';
import { type Identities, replacePrincipals } from '../identity/identities.ts';
import type { Settings } from '../options.ts';
import type { Random } from '../random-streams.ts';
import { clearStore, type Store } from '../state/store.ts';
import { watchApp } from '../watch/watch-app.ts';
import { type App, NO_APP } from './app.ts';
import { type Applied, applyApp } from './apply.ts';
import type { AppChange } from './change.ts';
import { type Declared, NOTHING_DECLARED } from './declared.ts';
import { type Directory, directoryOf } from './directory.ts';
import { sessionPolicyNamed } from './managed-policies.ts';
import { readSource, type Source } from './source.ts';

/** The app of a server, which may be applied again while it runs. */
export interface SeededApp {
  readonly app: () => App;
  readonly directory: () => Directory;
  /** @throws {@link LocalKmsError} `INVALID_APP` or `INVALID_SEED`, and everything stays as it was */
  readonly update: () => readonly AppChange[];
  /** Forgets all keys, and makes those of the app anew, as it was applied last. */
  readonly reset: () => void;
  /** What the app declares now, to be kept with the keys. */
  readonly declared: () => Declared;
  /** Applies the app again to keys of before. @param before - what it declared then */
  readonly restore: (before: Declared) => void;
  readonly close: () => Promise<void>;
}

const NOTHING_APPLIED: Applied = { app: NO_APP, declared: NOTHING_DECLARED, changes: [] };

type SeedSettings = Pick<Settings, 'app' | 'seed' | 'account' | 'region' | 'clock' | 'watch' | 'onUpdate'>;

/**
 * @param before - what the app declared when it was applied to the keys of the store
 * @throws {@link LocalKmsError} `INVALID_APP` or `INVALID_SEED`
 */
export function createSeededApp(
  settings: SeedSettings,
  store: Store,
  identities: Identities,
  random: Random,
  before: Declared = NOTHING_DECLARED,
): SeededApp {
  const { app, seed, account, region, clock, watch, onUpdate } = settings;
  const defaults = { account, region };
  const paths = [app, seed].filter((path) => path !== undefined);
  let applied: Applied = { ...NOTHING_APPLIED, declared: before };
  let latest: Source | undefined;
  let directory = directoryOf(NO_APP);

  const read = () => readSource({ app, seed }, defaults);
  const apply = (source: Source): readonly AppChange[] => {
    const { app: earlier, declared: before } = applied;
    latest = source;
    const { assembly, ...ofSeedFile } = source;
    applied = usingRandom(random.seeding(), () =>
      applyApp(assembly, { ...ofSeedFile, store, defaults, now: clock(), before, earlier }),
    );
    directory = directoryOf(applied.app);
    replacePrincipals(
      identities,
      applied.app.principals.map(({ principal }) => principal),
      (arn) => sessionPolicyNamed(arn, applied.app.managedPolicies),
    );
    return applied.changes;
  };
  if (paths.length > 0) apply(read());
  const watcher = watch
    ? watchApp({
        paths,
        read,
        apply: (source) => {
          const changes = apply(source);
          onUpdate({ applied: true, changes, problems: applied.app.problems });
        },
        broken: (cause) => onUpdate({ applied: false, error: broken(paths, cause) }),
      })
    : undefined;
  return {
    app: () => applied.app,
    directory: () => directory,
    update: () => (paths.length === 0 ? [] : apply(read())),
    reset: () => {
      clearStore(store);
      applied = NOTHING_APPLIED;
      if (latest !== undefined) apply(latest);
    },
    declared: () => applied.declared,
    restore: (declared) => {
      applied = { ...applied, declared };
      if (latest !== undefined) apply(latest);
    },
    close: async () => watcher?.close(),
  };
}

function broken(paths: readonly string[], cause: unknown): LocalKmsError {
  if (cause instanceof LocalKmsError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LocalKmsError('INVALID_APP', `cannot watch ${paths.join(' and ')}: ${why}`, { cause });
}
