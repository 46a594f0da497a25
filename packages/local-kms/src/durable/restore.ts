import { createPublicKey } from 'node:crypto';
import { type KeyMaterial, madeMaterial, unmadeMaterial } from '../crypto/material.ts';
import { usableImports } from '../import/imported-material.ts';
import { WRAPPING_KEY_BITS, type WrappingKeySpec } from '../import/wrapping-keys.ts';
import { grantOn } from '../state/grant.ts';
import { GrantMap } from '../state/grant-map.ts';
import type { ImportedMaterial, Key, Rotation } from '../state/key.ts';
import { addKey, keysIn, partitionFor, type Store } from '../state/store.ts';
import type { Contents } from './contents.ts';
import { ALIAS, GRANT, KEY, materialName, partsOfGrantName, USE, WRAPPING } from './names.ts';
import {
  type AliasRecord,
  type GrantRecord,
  grantTerms,
  type KeyRecord,
  readSecret,
  type UseRecord,
} from './records.ts';

/** Puts everything that was written back into an empty store. */
export function restore(store: Store, { records }: Contents): void {
  const materials = new Map<string, KeyMaterial>();
  const material = (key: KeyRecord, { id, isMade }: { readonly id: string; readonly isMade: boolean }): KeyMaterial => {
    const name = materialName(key, id);
    const known =
      materials.get(name) ?? (isMade ? madeMaterial(id, secretAt(records, name)) : unmadeMaterial(id, key.spec));
    materials.set(name, known);
    return known;
  };
  const families = new Map<string, { readonly family: Key[]; readonly rotation: Rotation }>();
  const keys = all<KeyRecord>(records, KEY).map(([, record]) => record);
  // The primary key first: its family is the family of all, and so is its rotation.
  for (const record of keys.sort((a, b) => a.place - b.place || a.createdAt - b.createdAt)) {
    const { account, id, region, multiRegion } = record;
    const name = multiRegion ? `${account} ${id}` : `${account} ${id} ${region}`;
    const shared = families.get(name) ?? { family: [], rotation: rotationOf(record) };
    families.set(name, shared);
    const key = keyOf(record, shared, material);
    shared.family.push(key);
    addKey(store, key);
  }
  const byArn = new Map(keysIn(store).map((key) => [key.arn, key]));
  for (const [name, { at, ...use }] of all<UseRecord>(records, USE)) {
    const key = byArn.get(name.slice(USE.length));
    if (key !== undefined) key.lastUse = { ...use, at: new Date(at) };
  }
  for (const [name, grant] of all<GrantRecord>(records, GRANT)) {
    const { id, label, issuingAccount, createdAt } = grant;
    const key = byArn.get(partsOfGrantName(name).arn);
    const said = {
      id,
      label,
      issuingAccount,
      name: grant.name,
      createdAt: new Date(createdAt),
      terms: grantTerms(grant),
    };
    if (key !== undefined) key.grants.set(id, grantOn(key, said));
  }
  for (const [, { account, region, createdAt, updatedAt, ...alias }] of all<AliasRecord>(records, ALIAS)) {
    const dates = { createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
    partitionFor(store, account, region).aliases.set(alias.name, { ...alias, ...dates });
  }
  for (const spec of Object.keys(WRAPPING_KEY_BITS) as WrappingKeySpec[]) {
    if (!records.has(WRAPPING + spec)) continue;
    const privateKey = secretAt(records, WRAPPING + spec);
    store.wrappingPairs.set(spec, { privateKey, publicKey: createPublicKey(privateKey) });
  }
}

/** Records of a kind. What was sealed was written here, so that it need not be checked again. */
function all<T>(records: ReadonlyMap<string, Buffer>, kind: string): readonly (readonly [string, T])[] {
  return [...records]
    .filter(([name]) => name.startsWith(kind))
    .map(([name, record]) => [name, JSON.parse(record.toString('utf8')) as T]);
}

function secretAt(records: ReadonlyMap<string, Buffer>, name: string) {
  const record = records.get(name);
  if (record === undefined) throw new TypeError(`there is no record ${name}`);
  const secret = readSecret(record);
  record.fill(0);
  return secret;
}

function rotationOf({ automatic, past }: KeyRecord): Rotation {
  return {
    automatic: automatic && { ...automatic, nextAt: new Date(automatic.nextAt) },
    past: past.map((one) => ({ ...one, at: new Date(one.at) })),
  };
}

function keyOf(
  record: KeyRecord,
  shared: Pick<Key, 'family' | 'rotation'>,
  material: (key: KeyRecord, named: KeyRecord['materials'][number]) => KeyMaterial,
): Key {
  const { account, region, id, arn, spec, usage, origin, multiRegion, description, state, deletion } = record;
  const imports = record.imports.map(
    ({ isHere, expiresAt, ...rest }): ImportedMaterial => ({
      ...rest,
      description: rest.description,
      material: isHere ? material(record, { id: rest.id, isMade: true }) : undefined,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    }),
  );
  return {
    ...{ account, region, id, arn, spec, usage, origin, multiRegion, description, state, imports },
    ...shared,
    tag: Uint8Array.from(Buffer.from(record.tag, 'base64')),
    createdAt: new Date(record.createdAt),
    tags: new Map(record.tags),
    deletion: deletion && {
      windowInDays: deletion.windowInDays,
      at: deletion.at === undefined ? undefined : new Date(deletion.at),
    },
    materials:
      origin === 'EXTERNAL' ? usableImports({ imports }) : record.materials.map((named) => material(record, named)),
    policy: { text: record.policyText, policy: record.policy },
    lastUse: undefined,
    grants: new GrantMap(),
  };
}
