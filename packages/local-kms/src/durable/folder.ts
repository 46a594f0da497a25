import { createSecretKey } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalKmsError } from '../errors.ts';
import { createStoreSecrets, type StoreSecrets } from '../state/store.ts';
import { isObject } from '../wire/json.ts';
import { type Contents, headRecord, readContents } from './contents.ts';
import { type Database, damaged, openDatabase, openingError } from './database.ts';
import { makeLocalKey, readLocalKey, syncFolder } from './local-key.ts';
import { HEAD, SECRETS } from './names.ts';
import { createSealer, type Sealer, sealOf } from './seal.ts';

/** Grows when a server of before could not read any more what is written. */
const VERSION = 1;
const FORMAT = 'keysmith-local-kms-state';
const FORMAT_FILE = 'format.json';
const DATABASE = 'db';

/** A state that is open and locked. */
export interface OpenFolder {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly contents: Contents;
  readonly secrets: StoreSecrets;
  readonly isNew: boolean;
}

/**
 * Opens the state in a folder, or begins one where the folder is empty or not there.
 *
 * @param given - the local key; undefined: it is in the folder
 * @throws {@link LocalKmsError} `STATE_IN_USE`, `STATE_KEY`, `STATE_FORMAT`, `STATE_DAMAGED` or `STATE_FAILED`
 */
export async function openFolder(folder: string, given: Uint8Array | undefined): Promise<OpenFolder> {
  try {
    const format = await readFormat(folder);
    return format === undefined ? await begin(folder, given) : await reopen(folder, given, format);
  } catch (error) {
    if (error instanceof LocalKmsError) throw error;
    throw openingError(folder, error);
  }
}

interface Format {
  /** {@link Sealer.id} */
  readonly localKey: string;
}

async function readFormat(folder: string): Promise<Format | undefined> {
  const text = await readFile(join(folder, FORMAT_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const json = parsed(text);
  if (!isObject(json) || json['format'] !== FORMAT) throw damaged(folder, `${FORMAT_FILE} says nothing of a state`);
  const { version, localKey } = json;
  if (typeof version === 'number' && version > VERSION) {
    throw new LocalKmsError(
      'STATE_FORMAT',
      `the state in ${folder} has format version ${version}, and this local KMS reads up to version ${VERSION}: take the newer one that wrote it, or another folder`,
    );
  }
  if (version !== VERSION || typeof localKey !== 'string') throw damaged(folder, `${FORMAT_FILE} was changed`);
  return { localKey };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function reopen(folder: string, given: Uint8Array | undefined, { localKey }: Format): Promise<OpenFolder> {
  const key = given ?? (await readLocalKey(folder));
  if (key === undefined) {
    throw new LocalKmsError(
      'STATE_KEY',
      `the state in ${folder} has no local key: give the one that it was made with (stateKey, KEYSMITH_STATE_KEY), or put back the file local-key`,
    );
  }
  const sealer = createSealer(key);
  if (sealer.id !== localKey) {
    throw new LocalKmsError(
      'STATE_KEY',
      `the state in ${folder} is sealed under another local key: give the one that it was made with, or take another folder`,
    );
  }
  const database = await openDatabase(folder, join(folder, DATABASE), false);
  return whileOpen(database, async () => {
    const contents = await readContents(folder, database, sealer);
    return { database, sealer, contents, secrets: readSecrets(folder, contents), isNew: false };
  });
}

/** In an order in which an interruption leaves nothing that a later start takes for a state, or for a damaged one. */
async function begin(folder: string, given: Uint8Array | undefined): Promise<OpenFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await requireUnused(folder);
  const path = join(folder, DATABASE);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const database = await openDatabase(folder, path, true);
  return whileOpen(database, async () => {
    // A start that was interrupted has written no more than two records, and acknowledged nothing.
    const there = await database.keys({ limit: 3 }).all();
    if (there.some((name) => name !== SECRETS && name !== HEAD)) throw damaged(folder, `${FORMAT_FILE} is missing`);
    const key = given ?? (await readLocalKey(folder)) ?? (await makeLocalKey(folder));
    const sealer = createSealer(key);
    const secrets = createStoreSecrets();
    const record = secretsRecord(secrets);
    const value = sealer.seal(SECRETS, record);
    const seals = new Map([[SECRETS, sealOf(value)]]);
    const head = sealer.seal(HEAD, headRecord(seals));
    await database.batch(
      [
        { type: 'put', key: SECRETS, value },
        { type: 'put', key: HEAD, value: head },
      ],
      { sync: true },
    );
    await writeFormat(folder, sealer);
    return { database, sealer, contents: { records: new Map(), seals }, secrets, isNew: true };
  });
}

const OURS: ReadonlySet<string> = new Set([DATABASE, 'local-key', 'local-key.new', `${FORMAT_FILE}.new`]);
/** Files of LevelDB that hold what was written. */
const DATA = /\.(?:ldb|log)$/;

/** @throws {@link LocalKmsError} `STATE_FORMAT` where the folder holds something else, `STATE_DAMAGED` where a state lost parts */
async function requireUnused(folder: string): Promise<void> {
  const names = await readdir(folder);
  const strange = names.find((name) => !OURS.has(name));
  if (strange !== undefined) {
    throw new LocalKmsError(
      'STATE_FORMAT',
      `${folder} is no state of a local KMS (it holds ${strange}): take a folder of its own`,
    );
  }
  if (!names.includes(DATABASE)) return;
  const files = await readdir(join(folder, DATABASE));
  if (!files.includes('CURRENT') && files.some((name) => DATA.test(name)))
    throw damaged(folder, 'db/CURRENT is missing');
}

async function writeFormat(folder: string, { id }: Sealer): Promise<void> {
  const path = join(folder, FORMAT_FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, version: VERSION, localKey: id })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
}

/** Frees the lock of a database that cannot be used after all. */
async function whileOpen(database: Database, use: () => Promise<OpenFolder>): Promise<OpenFolder> {
  try {
    return await use();
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

const SECRET_BYTES = 32;

function secretsRecord({ importSealingKey, grantSecret }: StoreSecrets): Buffer {
  return Buffer.concat([importSealingKey.export(), grantSecret]);
}

function readSecrets(folder: string, { records }: Contents): StoreSecrets {
  const record = records.get(SECRETS);
  if (record?.length !== 2 * SECRET_BYTES) throw damaged(folder, `its record ${SECRETS} is missing`);
  const grantSecret = Uint8Array.from(record.subarray(SECRET_BYTES));
  return { importSealingKey: createSecretKey(record.subarray(0, SECRET_BYTES)), grantSecret };
}
