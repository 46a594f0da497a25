import type { AliasModel, KeyModel } from '@cdk-keysmith/access';
import type { Key } from '../state/key.ts';
import { addAlias, partitionFor } from '../state/store.ts';
import { bound, placeOf, type Seeding } from './context.ts';

/** Gives the keys of the app their aliases. */
export function seedAliases(seeding: Seeding, keys: ReadonlyMap<KeyModel, Key>): void {
  for (const model of seeding.assembly.aliases) {
    const problem = seedAlias(seeding, model, keys);
    if (problem !== undefined) seeding.problems.push(`alias ${model.constructPath} was not made: ${problem}`);
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
  if (partition.aliases.has(name)) return `another key in ${account} ${region} has ${name} already`;
  addAlias(seeding.store, key, name, seeding.now);
  return undefined;
}

/** A target is a key id or a key ARN. */
function targetIn(keys: ReadonlyMap<string, Key>, target: string | undefined): Key | undefined {
  if (target === undefined) return undefined;
  return keys.get(target.slice(target.lastIndexOf('/') + 1));
}
