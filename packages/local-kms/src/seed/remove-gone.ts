import { scheduleDeletion } from '../state/deletion.ts';
import type { Key } from '../state/key.ts';
import { partitionFor, type Store } from '../state/store.ts';
import { goneOf, type Seeding, stackName } from './context.ts';
import type { DeclaredKey, ResourceName } from './declared.ts';
import { SEED_STACK } from './file/models.ts';
import { revoke } from './grants.ts';

/**
 * Takes over what stacks declared that are not in the assembly: to leave a stack out of an app does not destroy it, and
 * another app may be applied to the same keys.
 */
export function keepOtherStacks(seeding: Seeding): void {
  const here = seeding.assembly.stacks.map((stack) => stackName(seeding, stack, stack.name));
  const isOfSeedFile = (name: ResourceName) => name.includes(` ${SEED_STACK} `);
  const isElsewhere = (name: ResourceName) =>
    isOfSeedFile(name) ? seeding.seedFile === undefined : !here.some((stack) => name.startsWith(stack));
  const { before, declared } = seeding;
  for (const [name, key] of before.keys) if (isElsewhere(name)) declared.keys.set(name, key);
  for (const [name, alias] of before.aliases) if (isElsewhere(name)) declared.aliases.set(name, alias);
  for (const [name, grant] of before.grants) if (isElsewhere(name)) declared.grants.set(name, grant);
}

/**
 * Does with what is gone from the app as CloudFormation does: what its `DeletionPolicy` retains stays and is no longer the
 * app's, the deletion of other keys is scheduled, other aliases are deleted, grants are revoked.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function removeGone(seeding: Seeding): void {
  const { before, declared, store, changes } = seeding;
  for (const grant of goneOf(before.grants, declared.grants)) {
    const was = revoke(store, grant);
    if (was) changes.push({ kind: 'grant', name: grant.constructPath, change: 'removed', details: ['revoked'] });
  }
  const kept = new Set(
    [...declared.aliases.values()].map(({ account, region, name }) => `${account} ${region} ${name}`),
  );
  for (const { constructPath, account, region, name, retained } of goneOf(before.aliases, declared.aliases)) {
    if (kept.has(`${account} ${region} ${name}`)) continue;
    const { aliases } = partitionFor(store, account, region);
    if (!aliases.has(name)) continue;
    if (!retained) aliases.delete(name);
    const details = [`${name} ${retained ? 'stays, as its DeletionPolicy says' : 'deleted'}`];
    changes.push({ kind: 'alias', name: constructPath, change: 'removed', details });
  }
  const stillThere = new Set([...declared.keys.values()].map(({ arn }) => arn));
  for (const gone of goneOf(before.keys, declared.keys)) {
    const key = stillThere.has(gone.arn) ? undefined : keyOf(store, gone.arn);
    if (key === undefined) continue;
    changes.push({
      kind: 'key',
      name: gone.constructPath,
      change: 'removed',
      details: [removeKey(seeding, key, gone)],
    });
  }
}

function removeKey({ store, now }: Seeding, key: Key, { retained, windowInDays }: DeclaredKey): string {
  if (retained) return 'the key stays, as its DeletionPolicy says';
  // Who scheduled it before set the window, as with KMS.
  if (key.deletion === undefined) scheduleDeletion(store, key, windowInDays, now);
  const { at } = key.deletion ?? {};
  return at === undefined ? 'deleted after its replicas' : `deleted on ${at.toISOString().slice(0, 10)}`;
}

function keyOf({ partitions }: Store, arn: string): Key | undefined {
  for (const { keys } of partitions.values()) {
    for (const key of keys.values()) if (key.arn === arn) return key;
  }
  return undefined;
}
