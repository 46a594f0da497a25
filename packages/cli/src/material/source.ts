import { fstatSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { fileError } from '../message/failure.ts';
import { attempt, PRIVATE, syncFolder } from '../message/files.ts';
import { openSource, STANDARD_INPUT } from '../message/source.ts';
import { generateMaterial, readMaterial } from './kinds.ts';

/** No material is larger: a private RSA key of 4,096 bits is about 2,400 bytes, and 3,300 as PEM. */
const MAX_BYTES = 16_384;
/** Permissions of a file that somebody else than its owner has. */
const OTHERS = 0o077;

/** Where material comes from. */
export interface MaterialOptions {
  readonly materialFile?: string;
  readonly generate?: boolean;
  /** The file that generated material goes to. */
  readonly saveMaterial?: string;
  /** Whether generated material may be lost with this command. */
  readonly discardMaterial?: boolean;
}

/**
 * The material for a key. Whoever gets it wipes it. Generated material is in its file, complete and durable, before it is
 * given to anybody.
 *
 * @throws {@link CliError} `FILE`, `REFUSED`
 */
export async function materialOf(spec: string, options: MaterialOptions, io: Io): Promise<Buffer> {
  const { materialFile, saveMaterial } = options;
  if (materialFile !== undefined) {
    return readMaterial(spec, await contentsOf(materialFile, io), nameOf(materialFile));
  }
  const material = generateMaterial(spec);
  if (saveMaterial !== undefined) {
    try {
      await save(saveMaterial, material);
    } catch (error) {
      material.fill(0);
      throw error;
    }
  }
  return material;
}

function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}

/** Never over a file that is there: it may be the only copy of other material. */
async function save(path: string, material: Uint8Array): Promise<void> {
  const reserved = await open(path, 'wx', PRIVATE).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw fileError('write', path, cause);
    throw new CliError(
      'FILE',
      `${path} is there already, and may be the only copy of other material; name another file`,
    );
  });
  try {
    await attempt('write', path, async () => {
      await reserved.writeFile(material);
      await reserved.sync();
    });
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await reserved.close();
  }
}

async function contentsOf(path: string, io: Io): Promise<Buffer> {
  if (path === STANDARD_INPUT) return collected(await openSource(path, io));
  return attempt('read', path, async () => {
    const handle = await open(path);
    try {
      const stat = fstatSync(handle.fd);
      // Of a pipe or a device the size says nothing.
      if (!stat.isFile()) return collected(await openSource(path, io));
      const { mode, size } = stat;
      if (size > MAX_BYTES) throw tooLarge(path);
      if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
        io.stderr.write(`keysmith: others than its owner may read ${path}; chmod 600 would change that\n`);
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  });
}

async function collected({ name, chunks }: { name: string; chunks: AsyncIterable<Uint8Array> }): Promise<Buffer> {
  const buffer = Buffer.alloc(MAX_BYTES);
  let length = 0;
  try {
    for await (const chunk of chunks) {
      if (length + chunk.length > MAX_BYTES) throw tooLarge(name);
      buffer.set(chunk, length);
      length += chunk.length;
      chunk.fill(0);
    }
    return Buffer.from(buffer.subarray(0, length));
  } finally {
    buffer.fill(0);
  }
}

function tooLarge(name: string): CliError {
  return new CliError('REFUSED', `${name} has more than ${MAX_BYTES} bytes, which no key material has`);
}
