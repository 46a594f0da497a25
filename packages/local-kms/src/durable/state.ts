import { LocalKmsError } from '../errors.ts';
import type { Declared } from '../seed/declared.ts';
import { clearStore, createStore, keysIn, type Store } from '../state/store.ts';
import { type Contents, readContents, readDeclared } from './contents.ts';
import { causeOf, damaged, openDatabase } from './database.ts';
import { openFolder } from './folder.ts';
import { createJournal, type Journal } from './journal.ts';
import { restore } from './restore.ts';
import { createTurns, type Turns } from './turns.ts';

/** What was in the folder of a state when it was opened. */
export interface StateFound {
  /** Absolute path. */
  readonly folder: string;
  /** Whether the state began with this start: there was none before. */
  readonly isNew: boolean;
  readonly keys: number;
  readonly aliases: number;
  readonly grants: number;
}

/** Where a state is, and what seals it. */
export interface StateOptions {
  /** Absolute path. */
  readonly folder: string;
  /** 32 bytes; undefined: the local key in the folder. */
  readonly localKey: Uint8Array | undefined;
  /** Told of everything that could not be kept. */
  readonly onError: (error: LocalKmsError) => void;
}

/** The store of a server on the disk. */
export interface State {
  readonly store: Store;
  readonly found: StateFound;
  /** What the app declared when it was applied last. */
  readonly declared: Declared;
  readonly turns: Turns;
  /** Tells the state what it keeps beside the store, and what to do when the store is again what is on the disk. */
  attach(app: AppOfState): void;
  /** Keeps what the app changed, and tells of it if it cannot. */
  settle(): Promise<void>;
  /** Keeps everything and frees the folder. */
  close(): Promise<void>;
}

export interface AppOfState {
  declared(): Declared;
  /** Applies the app again, onto what it declared when the state was kept. */
  apply(before: Declared): void;
}

/** @throws {@link LocalKmsError} as {@link openFolder} */
export async function openState({ folder, localKey, onError }: StateOptions): Promise<State> {
  const { sealer, secrets, isNew, ...opened } = await openFolder(folder, localKey);
  const store = createStore(secrets);
  const first = take(opened.contents);
  let { database } = opened;
  let { journal } = first;
  let agrees = true;
  let closed = false;
  let app: AppOfState = { declared: () => first.declared, apply: () => undefined };

  function take(contents: Contents): { readonly journal: Journal; readonly declared: Declared } {
    try {
      const declared = readDeclared(contents);
      restore(store, contents);
      return { journal: createJournal(store, sealer, contents, declared), declared };
    } catch (cause) {
      throw damaged(folder, 'its records do not belong together', cause);
    }
  }

  /**
   * After a write that failed nobody can know what reached the disk, and LevelDB must not write behind half a record. So the
   * database is opened anew, and memory becomes what it holds.
   */
  async function ready(): Promise<void> {
    // Whoever calls later must not take the folder again.
    if (closed) throw new LocalKmsError('STATE_FAILED', `the state in ${folder} is closed`);
    if (agrees) return;
    await database.close();
    database = await openDatabase(folder, database.location, false);
    const contents = await readContents(folder, database, sealer);
    clearStore(store);
    store.wrappingPairs.clear();
    const { declared, ...taken } = take(contents);
    journal = taken.journal;
    app.apply(declared);
    agrees = true;
  }

  async function keep(): Promise<void> {
    const changes = journal.changes(app.declared());
    if (changes.length === 0) return;
    try {
      await database.batch([...changes], { sync: true });
    } catch (cause) {
      agrees = false;
      clearStore(store);
      // At once, so that nobody is shown what was not kept. Where it is too early for it, the next call tries again.
      await ready().catch(() => undefined);
      throw new LocalKmsError('STATE_FAILED', `cannot write the state in ${folder}: ${causeOf(cause).why}`, { cause });
    }
  }

  const told =
    <T extends unknown[]>(act: (...args: T) => Promise<void>) =>
    async (...args: T): Promise<void> => {
      try {
        await act(...args);
      } catch (error) {
        const { why } = causeOf(error);
        if (!closed)
          onError(error instanceof LocalKmsError ? error : new LocalKmsError('STATE_FAILED', why, { cause: error }));
        throw error;
      }
    };
  const turns = createTurns({ ready: told(ready), keep: told(keep) });
  const settle = () => turns.settle().catch(() => undefined);

  const keys = keysIn(store);
  return {
    store,
    found: {
      folder,
      isNew,
      keys: keys.length,
      aliases: [...store.partitions.values()].reduce((sum, { aliases }) => sum + aliases.size, 0),
      grants: keys.reduce((sum, { grants }) => sum + grants.size, 0),
    },
    declared: first.declared,
    turns,
    attach(attached) {
      app = attached;
    },
    settle,
    async close() {
      await settle();
      closed = true;
      await database.close();
    },
  };
}
