import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalKmsError } from '../errors.ts';
import { LOCAL_KEY_BYTES } from './seal.ts';

const FILE = 'local-key';
const OTHERS = 0o077;

/** The local key in the folder; undefined: there is none. */
export async function readLocalKey(folder: string): Promise<Buffer | undefined> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  if (process.platform !== 'win32' && ((await stat(path)).mode & OTHERS) !== 0) {
    throw new LocalKmsError('STATE_KEY', `others may read the local key of the state: chmod 600 ${path}`);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === LOCAL_KEY_BYTES) return key;
  throw new LocalKmsError(
    'STATE_KEY',
    `${path} is no local key: it must hold ${LOCAL_KEY_BYTES} bytes in base64; put back the file that was there`,
  );
}

/** Makes the local key, and gives it once it is on the disk. */
export async function makeLocalKey(folder: string): Promise<Buffer> {
  const key = randomBytes(LOCAL_KEY_BYTES);
  const path = join(folder, FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${key.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
  return key;
}

/** A name is on the disk when its folder is. Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
