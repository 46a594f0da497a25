import { createHash } from 'node:crypto';
import { type KeyMaterial, madeMaterial } from '../crypto/material.ts';
import type { ImportedMaterial, Key } from '../state/key.ts';
import type { Store } from '../state/store.ts';
import { readMaterial } from './import-kinds.ts';

/** The bytes as material of a key; undefined when they are none for its spec. */
export function materialFor(key: Key, bytes: Uint8Array): KeyMaterial | undefined {
  const read = readMaterial(key.spec, bytes);
  if (read === undefined) return undefined;
  // Never of the material alone: two keys with the same material have different ids.
  const id = createHash('sha256').update(`local-kms/material\n${key.id}\n`).update(read.canonical).digest();
  return madeMaterial(id.toString('hex'), read.secret);
}

/** Puts an imported material in the place of what was known of it, or behind those that came before it. */
export function keepImport(store: Store, key: Key, imported: ImportedMaterial): void {
  const known = key.imports.some(({ id }) => id === imported.id);
  key.imports = known
    ? key.imports.map((one) => (one.id === imported.id ? imported : one))
    : inOrder(key, [...key.imports, imported]);
  settle(key);
  if (key.imports.some(({ expiresAt }) => expiresAt !== undefined)) store.expiring.add(key);
}

/** As the primary key has them, in whatever order they come to a replica: the last one is current in every Region. */
function inOrder({ family: [primary] }: Key, imports: readonly ImportedMaterial[]): readonly ImportedMaterial[] {
  const order = new Map(primary?.imports.map(({ id }, index) => [id, index]));
  const placeOf = ({ id }: ImportedMaterial) => order.get(id) ?? order.size;
  return [...imports].sort((a, b) => placeOf(a) - placeOf(b));
}

/**
 * Takes the bytes away; that there was a material stays known. One that waits for a rotation is not yet part of the key, and
 * goes as a whole; with that of a primary key those of its replicas go.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html
 */
export function forgetMaterial(key: Key, id: string): void {
  if (waitingImport(key)?.id === id) {
    const { family } = key;
    for (const one of family[0] === key ? family : [key]) one.imports = one.imports.filter((known) => known.id !== id);
    return;
  }
  key.imports = key.imports.map((one) => (one.id === id ? { ...one, material: undefined, expiresAt: undefined } : one));
  settle(key);
}

/** Deletes imported material whose time is over. */
export function deleteExpiredMaterial(store: Store, now: Date): void {
  if (!store.expiring.mayBeDue(now)) return;
  for (const key of store.expiring) {
    for (const { id, expiresAt } of key.imports) {
      if (expiresAt !== undefined && expiresAt <= now) forgetMaterial(key, id);
    }
    if (key.imports.every(({ expiresAt }) => expiresAt === undefined)) store.expiring.delete(key);
  }
  store.expiring.settled();
}

/**
 * Whether a key waits for material that it was made without, or that was deleted or expired: one that is missing is enough. A
 * replica needs all that the primary key has.
 */
export function awaitsImport({ origin, imports, family: [primary] }: Key): boolean {
  const needed = [...imports, ...(primary?.imports ?? [])].filter(({ pendingRotation }) => !pendingRotation);
  const here = new Set(usableImports({ imports }).map(({ id }) => id));
  return origin === 'EXTERNAL' && (needed.length === 0 || needed.some(({ id }) => !here.has(id)));
}

/** Every material of a key, here or gone or, for a replica, not imported there yet. In the order of the primary key. */
export function associatedImports({ imports, family: [primary] }: Key): readonly ImportedMaterial[] {
  const here = new Map(imports.map((one) => [one.id, one]));
  const ofPrimary = (primary?.imports ?? []).map(({ id, pendingRotation }) => {
    return here.get(id) ?? { ...NOT_HERE, id, pendingRotation };
  });
  const known = new Set(ofPrimary.map(({ id }) => id));
  return [...ofPrimary, ...imports.filter(({ id }) => !known.has(id))];
}

const NOT_HERE = { material: undefined, expiresAt: undefined, description: undefined } as const;

/** The material that is current, here or gone. */
export function currentImport({ imports }: Key): ImportedMaterial | undefined {
  return imports.filter(({ pendingRotation }) => !pendingRotation).at(-1);
}

/** The material that waits for a rotation; undefined: there is none. */
export function waitingImport({ imports }: Key): ImportedMaterial | undefined {
  return imports.find(({ pendingRotation }) => pendingRotation);
}

/** Makes the material that waits the current one. */
export function rotateToWaiting(key: Key): void {
  key.imports = key.imports.map((one) => (one.pendingRotation ? { ...one, pendingRotation: false } : one));
  settle(key);
}

/** The materials that a key of origin EXTERNAL encrypts and decrypts with. */
export function usableImports({ imports }: Pick<Key, 'imports'>): readonly KeyMaterial[] {
  return imports.flatMap(({ material, pendingRotation }) =>
    material === undefined || pendingRotation ? [] : [material],
  );
}

function settle(key: Key): void {
  key.materials = usableImports(key);
  if (awaitsImport(key)) {
    if (key.state === 'Enabled' || key.state === 'Disabled') key.state = 'PendingImport';
  } else if (key.state === 'PendingImport') {
    key.state = 'Enabled';
  }
}
