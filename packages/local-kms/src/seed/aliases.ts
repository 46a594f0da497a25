import type { AliasModel, KeyModel } from '@cdk-keysmith/access';
import type { Key } from '../state/key.ts';
import { addAlias, partitionFor } from '../state/store.ts';
import { bound, isRetained, placeOf, resourceName, type Seeding } from './context.ts';
import type { DeclaredAlias } from './declared.ts';

/** Gives the keys of the app their aliases. An alias that a call moved is brought back. */
export function seedAliases(seeding: Seeding, keys: ReadonlyMap<KeyModel, Key>): void {
  for (const model of seeding.assembly.aliases) {
    const name = resourceName(seeding, model);
    const before = seeding.before.aliases.get(name);
    const problem = seedAlias(seeding, model, keys);
    if (problem === undefined) continue;
    seeding.problems.push(
      `alias ${model.constructPath} was not ${before === undefined ? 'made' : 'changed'}: ${problem}`,
    );
    if (before !== undefined) seeding.declared.aliases.set(name, before);
  }
}

function seedAlias(seeding: Seeding, model: AliasModel, keys: ReadonlyMap<KeyModel, Key>): string | undefined {
  const { account, region } = placeOf(seeding, model);
  const name = bound(seeding, model.name);
  if (name === undefined) return 'its name is not known before deployment';
  const partition = partitionFor(seeding.store, account, region);
  const key = (model.key && keys.get(model.key)) ?? targetIn(partition.keys, bound(seeding, model.target));
  if (key === undefined) return 'its key is not one that was made here';
  if (key.account !== account || key.region !== region) return 'its key is in another account or Region';
  const there = partition.aliases.get(name);
  const isThis = (one: DeclaredAlias) => one.account === account && one.region === region && one.name === name;
  const others = [...seeding.declared.aliases.values()].some(isThis);
  const owned = [...seeding.before.aliases.values()].some(isThis);
  if (others || (there !== undefined && !owned && there.keyId !== key.id)) {
    return `another key in ${account} ${region} has ${name} already`;
  }
  const { constructPath, deletionPolicy } = model;
  const declared = { constructPath, account, region, name, retained: isRetained(seeding, deletionPolicy) };
  seeding.declared.aliases.set(resourceName(seeding, model), declared);
  if (there === undefined) {
    addAlias(seeding.store, key, name, seeding.now);
    seeding.changes.push({ kind: 'alias', name: constructPath, change: 'added', details: [name] });
  } else if (there.keyId !== key.id) {
    partition.aliases.set(name, { ...there, keyId: key.id, updatedAt: seeding.now });
    seeding.changes.push({
      kind: 'alias',
      name: constructPath,
      change: 'changed',
      details: [`${name} names ${key.arn}`],
    });
  }
  return undefined;
}

/** A target is a key id or a key ARN. */
function targetIn(keys: ReadonlyMap<string, Key>, target: string | undefined): Key | undefined {
  if (target === undefined) return undefined;
  return keys.get(target.slice(target.lastIndexOf('/') + 1));
}
