import { createSecretKey, type KeyObject } from 'node:crypto';
import { randomBytes } from '../crypto/random.ts';
import type { WrappingKeySpec, WrappingPair } from '../import/wrapping-keys.ts';
import { AliasMap } from './alias-map.ts';
import { aliasArn } from './arn.ts';
import { DueSet } from './due-set.ts';
import { leaveFamily } from './family.ts';
import type { Alias, Key } from './key.ts';

/** The keys and aliases of one account in one Region. Maps, because ids and names are the client's. */
export interface Partition {
  readonly keys: Map<string, Key>;
  readonly aliases: AliasMap;
}

/** Everything the server remembers about keys, by account and Region: two of them share nothing. */
export interface Store {
  readonly partitions: Map<string, Partition>;
  /** Keys by Region and the tag in their ciphertexts, whatever the account. */
  readonly byTag: Map<string, Key>;
  /** Keys that wait for their deletion; asked in every call whether it is time. */
  readonly pendingDeletion: DueSet<Key>;
  /** Keys that are rotated automatically, each with its replicas; asked in every call too. */
  readonly rotating: DueSet<readonly Key[]>;
  /** Keys with imported material that expires; asked in every call too. */
  readonly expiring: DueSet<Key>;
  /** Seals import tokens, so that they need not be kept. AES-256. */
  readonly importSealingKey: KeyObject;
  readonly wrappingPairs: Map<WrappingKeySpec, WrappingPair>;
  /** Makes grant tokens that nobody else can. */
  readonly grantSecret: Uint8Array;
}

/** What a store needs to know again what it gave out before. */
export type StoreSecrets = Pick<Store, 'importSealingKey' | 'grantSecret'>;

export function createStoreSecrets(): StoreSecrets {
  return { importSealingKey: createSecretKey(randomBytes(32)), grantSecret: randomBytes(32) };
}

export function createStore(secrets: StoreSecrets = createStoreSecrets()): Store {
  return {
    ...secrets,
    partitions: new Map(),
    byTag: new Map(),
    pendingDeletion: new DueSet(({ deletion }) => deletion?.at),
    // A key that is not enabled is not rotated, however overdue: it waits until it is enabled again, or made the primary.
    rotating: new DueSet(([primary]) =>
      primary?.state === 'Enabled' ? primary.rotation.automatic?.nextAt : undefined,
    ),
    expiring: new DueSet(firstExpiry),
    wrappingPairs: new Map(),
  };
}

function firstExpiry({ imports }: Key): Date | undefined {
  let first: Date | undefined;
  for (const { expiresAt } of imports) if (first === undefined || (expiresAt ?? first) < first) first = expiresAt;
  return first;
}

/** Forgets every key and alias. */
export function clearStore({ partitions, byTag, pendingDeletion, rotating, expiring }: Store): void {
  for (const all of [partitions, byTag, pendingDeletion, rotating, expiring]) all.clear();
}

export function partitionFor(store: Store, account: string, region: string): Partition {
  const name = `${account} ${region}`;
  const existing = store.partitions.get(name);
  if (existing !== undefined) return existing;
  const created: Partition = { keys: new Map(), aliases: new AliasMap() };
  store.partitions.set(name, created);
  return created;
}

export function addKey(store: Store, key: Key): void {
  partitionFor(store, key.account, key.region).keys.set(key.id, key);
  store.byTag.set(tagName(key.region, key.tag), key);
  if (key.rotation.automatic !== undefined) store.rotating.add(key.family);
  if (key.deletion !== undefined) store.pendingDeletion.add(key);
  if (key.imports.some(({ expiresAt }) => expiresAt !== undefined)) store.expiring.add(key);
}

/** Keys of all accounts and Regions. */
export function keysIn({ partitions }: Store): readonly Key[] {
  return [...partitions.values()].flatMap(({ keys }) => [...keys.values()]);
}

/** The key whose tag a ciphertext carries, where it lives in the Region. */
export function keyByTag(store: Store, region: string, tag: Uint8Array): Key | undefined {
  return store.byTag.get(tagName(region, tag));
}

/** The alias of a name that is in use, in the account and Region of the call. */
export function aliasNamed(store: Store, place: { account: string; region: string }, name: string): Alias {
  const alias = partitionFor(store, place.account, place.region).aliases.get(name);
  if (alias === undefined) throw new TypeError('the key of the call was found by this alias');
  return alias;
}

export function addAlias(store: Store, key: Key, name: string, now: Date): Alias {
  const arn = aliasArn(key.account, key.region, name);
  const alias: Alias = { name, arn, keyId: key.id, createdAt: now, updatedAt: now };
  partitionFor(store, key.account, key.region).aliases.set(name, alias);
  return alias;
}

/** Aliases of a key, in the order of their names. */
export function aliasesOf(store: Store, key: Key): readonly Alias[] {
  const all = partitionFor(store, key.account, key.region).aliases.ofKey(key.id).values();
  return [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Deletes the keys whose waiting period is over, and their aliases with them. */
export function deleteExpiredKeys(store: Store, now: Date): void {
  if (!store.pendingDeletion.mayBeDue(now)) return;
  for (let due = dueKey(store, now); due !== undefined; due = dueKey(store, now)) deleteKey(store, due.key, due.at);
  store.pendingDeletion.settled();
}

/** The one whose time was over first: the window of a primary key begins when its last replica goes. */
function dueKey({ pendingDeletion }: Store, now: Date): { readonly key: Key; readonly at: Date } | undefined {
  let first: { readonly key: Key; readonly at: Date } | undefined;
  for (const key of pendingDeletion) {
    const at = key.deletion?.at;
    if (at !== undefined && at <= now && (first === undefined || at < first.at)) first = { key, at };
  }
  return first;
}

const DAY = 24 * 60 * 60 * 1000;

function deleteKey(store: Store, key: Key, at: Date): void {
  const partition = partitionFor(store, key.account, key.region);
  for (const alias of aliasesOf(store, key)) partition.aliases.delete(alias.name);
  partition.keys.delete(key.id);
  store.byTag.delete(tagName(key.region, key.tag));
  store.pendingDeletion.delete(key);
  store.expiring.delete(key);
  key.materials = [];
  key.imports = [];
  key.grants.clear();
  leaveFamily(key);
  const [primary, ...replicas] = key.family;
  if (primary === undefined) store.rotating.delete(key.family);
  else if (replicas.length === 0 && primary.state === 'PendingReplicaDeletion' && primary.deletion !== undefined) {
    const { windowInDays } = primary.deletion;
    primary.state = 'PendingDeletion';
    primary.deletion = { windowInDays, at: new Date(at.getTime() + windowInDays * DAY) };
    store.pendingDeletion.add(primary);
  }
}

function tagName(region: string, tag: Uint8Array): string {
  return `${region} ${Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength).toString('hex')}`;
}
