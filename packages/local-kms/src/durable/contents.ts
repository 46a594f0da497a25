import { type Declared, NOTHING_DECLARED } from '../seed/declared.ts';
import { type Database, damaged } from './database.ts';
import { DECLARED, HEAD } from './names.ts';
import { type Sealer, sealOf } from './seal.ts';

/** Everything that a state holds, opened. */
export interface Contents {
  /** Records by name, in the order of their names. */
  readonly records: ReadonlyMap<string, Buffer>;
  /** What tells each sealed record from every other that ever had its name. */
  readonly seals: Map<string, Buffer>;
}

/**
 * Reads and opens every record, and finds out whether all of them are there: what was taken away, or put back from before,
 * is not passed over.
 *
 * @throws {@link LocalKmsError} `STATE_DAMAGED`
 */
export async function readContents(folder: string, database: Database, sealer: Sealer): Promise<Contents> {
  const records = new Map<string, Buffer>();
  const seals = new Map<string, Buffer>();
  for await (const [name, sealed] of database.iterator()) {
    const record = sealer.open(name, sealed);
    if (record === undefined) throw damaged(folder, `its record ${name} was changed`);
    records.set(name, record);
    if (name !== HEAD) seals.set(name, sealOf(sealed));
  }
  const head = records.get(HEAD);
  if (head === undefined) throw damaged(folder, 'all or most of its records are gone');
  if (Buffer.compare(head, headRecord(seals)) !== 0) {
    throw damaged(folder, 'some of its records are gone, or older than the others');
  }
  return { records, seals };
}

const SEAL_BYTES = 16;

/** What the head says of all other records: how many there are, and the exclusive or of their seals. */
export function headRecord(seals: ReadonlyMap<string, Buffer>): Buffer {
  const all = Buffer.alloc(SEAL_BYTES);
  for (const seal of seals.values()) exclusiveOr(all, seal);
  return headOf(seals.size, all);
}

export function headOf(count: number, all: Uint8Array): Buffer {
  return Buffer.from(JSON.stringify({ count, seals: Buffer.from(all).toString('hex') }));
}

export function exclusiveOr(into: Buffer, seal: Buffer | undefined): void {
  for (let at = 0; seal !== undefined && at < SEAL_BYTES; at++) into[at] = (into[at] ?? 0) ^ (seal[at] ?? 0);
}

/** What the app declared when it was applied last, as it was written. */
export function readDeclared({ records }: Contents): Declared {
  const record = records.get(DECLARED);
  if (record === undefined) return NOTHING_DECLARED;
  const { keys, aliases, grants } = JSON.parse(record.toString('utf8'));
  return { keys: new Map(keys), aliases: new Map(aliases), grants: new Map(grants) };
}

export function declaredRecord({ keys, aliases, grants }: Declared): Buffer {
  return Buffer.from(JSON.stringify({ keys: [...keys], aliases: [...aliases], grants: [...grants] }));
}
