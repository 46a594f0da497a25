import type { Declared } from '../seed/declared.ts';
import type { Alias, Key, LastUse } from '../state/key.ts';
import { keysIn, type Store } from '../state/store.ts';
import { type Contents, declaredRecord, exclusiveOr, headOf } from './contents.ts';
import type { Change } from './database.ts';
import {
  ALIAS,
  DECLARED,
  GRANT,
  grantName,
  HEAD,
  KEY,
  materialName,
  partsOfGrantName,
  USE,
  WRAPPING,
} from './names.ts';
import { aliasRecord, type GrantRecord, grantRecord, keyRecord, secretRecord, useRecord } from './records.ts';
import { type Sealer, sealOf } from './seal.ts';

/** Finds out what of a store is not written yet. */
export interface Journal {
  /**
   * The records that make what is written what is in the store; the next call takes them for written. It looks at everything
   * and compares, so that no operation has to tell what it changes, and none can forget to.
   */
  changes(declared: Declared): readonly Change[];
}

/** A key as it was written. */
interface Written {
  readonly key: Key;
  readonly fields: readonly unknown[];
  readonly materials: readonly string[];
  readonly use: LastUse | undefined;
  readonly grantChanges: number;
  /** Names of records by grant id. */
  readonly grants: ReadonlyMap<string, string>;
}

/** What a key record is made from. Everything in it is put anew when it changes, never changed in place. */
function fieldsOf(key: Key): readonly unknown[] {
  const { description, tags, state, deletion, materials, imports, policy, rotation, family } = key;
  const made = materials.filter(({ isMade }) => isMade).length;
  const place = family.indexOf(key);
  return [
    description,
    tags,
    state,
    deletion,
    materials,
    imports,
    policy,
    rotation.automatic,
    rotation.past,
    made,
    place,
  ];
}

const NO_GRANTS: ReadonlyMap<string, string> = new Map();

/** @param contents - what is written, and was restored into the store */
export function createJournal(store: Store, sealer: Sealer, contents: Contents, written: Declared): Journal {
  const { seals } = contents;
  const keys = new Map<string, Written>();
  let aliases = new Map<string, Alias>();
  let seenDeclared: Declared | undefined;
  const seal = Buffer.alloc(16);
  for (const one of seals.values()) exclusiveOr(seal, one);
  const grantNames = namesOfGrants(contents);
  let sequence = Math.max(0, ...[...grantNames.values()].map((name) => partsOfGrantName(name).sequence));
  let adopting = true;
  let changes: Change[] = [];

  const put = (name: string, record: () => Buffer): void => {
    if (adopting) return;
    const bytes = record();
    const value = sealer.seal(name, bytes);
    bytes.fill(0);
    exclusiveOr(seal, seals.get(name));
    seals.set(name, sealOf(value));
    exclusiveOr(seal, seals.get(name));
    changes.push({ type: 'put', key: name, value });
  };
  const del = (name: string): void => {
    const before = seals.get(name);
    if (before === undefined) return;
    exclusiveOr(seal, before);
    seals.delete(name);
    changes.push({ type: 'del', key: name });
  };
  const json = (name: string, value: unknown): void => put(name, () => Buffer.from(JSON.stringify(value), 'utf8'));

  /** Names of materials that a key does not hold any more. Another of its Regions still may. */
  const loose = new Set<string>();

  const lookAt = (key: Key): void => {
    const known = keys.get(key.arn);
    const before = known?.key === key ? known : undefined;
    if (known !== undefined && before === undefined) forget(known);
    const fields = fieldsOf(key);
    const same = before?.fields.every((one, index) => one === fields[index]) ?? false;
    const { lastUse: use, grants } = key;
    if (same && before?.use === use && before?.grantChanges === grants.changes) return;
    if (!same) json(KEY + key.arn, keyRecord(key));
    if (use !== undefined && before?.use !== use) json(USE + key.arn, useRecord(use));
    const materials = same && before !== undefined ? before.materials : lookAtMaterials(key, before);
    keys.set(key.arn, {
      ...{ key, fields, materials, use, grantChanges: grants.changes },
      grants: before?.grantChanges === grants.changes ? before.grants : lookAtGrants(key, before?.grants ?? NO_GRANTS),
    });
  };

  const lookAtMaterials = (key: Key, before: Written | undefined): readonly string[] => {
    const imported = key.imports.flatMap(({ material }) => (material === undefined ? [] : [material]));
    const named = [...key.materials, ...imported]
      .filter(({ isMade }) => isMade)
      .map((material) => [materialName(key, material.id), material] as const);
    for (const [name, { secret }] of named) if (!seals.has(name)) put(name, () => secretRecord(secret));
    const names = named.map(([name]) => name);
    for (const name of before?.materials ?? []) if (!names.includes(name)) loose.add(name);
    return names;
  };

  const lookAtGrants = ({ arn, grants }: Key, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
    for (const [id, name] of before) if (!grants.has(id)) del(name);
    const names = new Map<string, string>();
    for (const grant of grants.values()) {
      const known = before.get(grant.id) ?? (adopting ? grantNames.get(grant.id) : undefined);
      if (known === undefined) sequence += 1;
      const name = known ?? grantName(arn, sequence);
      names.set(grant.id, name);
      if (known === undefined) json(name, grantRecord(grant));
    }
    return names;
  };

  const forget = ({ key, materials, grants }: Written): void => {
    keys.delete(key.arn);
    del(KEY + key.arn);
    del(USE + key.arn);
    for (const name of grants.values()) del(name);
    for (const name of materials) loose.add(name);
  };

  const lookAtAliases = (): void => {
    const now = new Map<string, Alias>();
    for (const [place, partition] of store.partitions) {
      const [account = '', region = ''] = place.split(' ');
      for (const alias of partition.aliases.values()) {
        const name = ALIAS + alias.arn;
        now.set(name, alias);
        if (aliases.get(name) !== alias) json(name, aliasRecord({ account, region }, alias));
      }
    }
    for (const name of aliases.keys()) if (!now.has(name)) del(name);
    aliases = now;
  };

  const look = (declared: Declared): void => {
    const there = keysIn(store);
    for (const key of there) lookAt(key);
    if (keys.size > there.length) {
      const arns = new Set(there.map(({ arn }) => arn));
      for (const written of keys.values()) if (!arns.has(written.key.arn)) forget(written);
    }
    if (loose.size > 0) {
      const held = new Set([...keys.values()].flatMap(({ materials }) => materials));
      for (const name of loose) if (!held.has(name)) del(name);
      loose.clear();
    }
    lookAtAliases();
    for (const [spec, { privateKey }] of store.wrappingPairs) {
      if (!seals.has(WRAPPING + spec)) put(WRAPPING + spec, () => secretRecord(privateKey));
    }
    if (declared !== seenDeclared) put(DECLARED, () => declaredRecord(declared));
    seenDeclared = declared;
  };

  look(written);
  adopting = false;
  return {
    changes(declared) {
      changes = [];
      look(declared);
      if (changes.length === 0) return changes;
      changes.push({ type: 'put', key: HEAD, value: sealer.seal(HEAD, headOf(seals.size, seal)) });
      return changes;
    },
  };
}

function namesOfGrants({ records }: Contents): ReadonlyMap<string, string> {
  return new Map(
    [...records]
      .filter(([name]) => name.startsWith(GRANT))
      .map(([name, record]) => [(JSON.parse(record.toString('utf8')) as GrantRecord).id, name]),
  );
}
