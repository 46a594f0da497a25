import { bindPolicy, type KeyModel } from '@cdk-keysmith/access';
import { isAlwaysRandom } from '../crypto/generate.ts';
import { currentRandom } from '../crypto/random.ts';
import type { Key } from '../state/key.ts';
import { keySpecNamed, usagesOf } from '../state/key-specs.ts';
import { makeKey, makeReplica } from '../state/make-key.ts';
import { writeKeyPolicy } from '../state/policy-text.ts';
import { addKey, partitionFor } from '../state/store.ts';
import { bound, isRetained, placeOf, resourceName, type Seeding } from './context.ts';
import type { DeclaredKey } from './declared.ts';
import { fixHistory } from './fix-history.ts';
import { type Kind, unchangeable, unchangeableIn } from './unchangeable.ts';
import { type DeclaredRotation, type Own, updateKey } from './update-key.ts';

const MAX_WINDOW_DAYS = 30;

/**
 * Makes the keys of the app that are not there, and gives those that are there what the app declares. A key of which
 * something decisive is unknown is a problem, not a guess.
 */
export function seedKeys(seeding: Seeding): ReadonlyMap<KeyModel, Key> {
  const seeded = new Map<KeyModel, Key>();
  const { keys } = seeding.assembly;
  const replicas = keys.filter(({ replicaOf }) => replicaOf !== undefined);
  for (const model of [...keys.filter((one) => !replicas.includes(one)), ...replicas]) {
    const name = resourceName(seeding, model);
    const before = seeding.before.keys.get(name);
    const key = model.replicaOf === undefined ? keyOf(seeding, model, seeded) : replicaOf(seeding, model, seeded);
    if (typeof key !== 'string') {
      seeded.set(model, key);
      seeding.declared.keys.set(name, declaredKey(seeding, model, key));
    } else {
      seeding.problems.push(`key ${model.constructPath} was not ${before === undefined ? 'made' : 'changed'}: ${key}`);
      // Only what the app no longer names is gone from it.
      if (before !== undefined) seeding.declared.keys.set(name, before);
    }
  }
  return seeded;
}

function declaredKey(seeding: Seeding, model: KeyModel, { arn }: Key): DeclaredKey {
  return {
    constructPath: model.constructPath,
    arn,
    retained: isRetained(seeding, model.deletionPolicy),
    windowInDays: model.pendingWindowInDays ?? MAX_WINDOW_DAYS,
  };
}

type Seeded = ReadonlyMap<KeyModel, Key>;

function replicaOf(seeding: Seeding, model: KeyModel, seeded: Seeded): Key | string {
  const primary = model.replicaOf?.primary && seeded.get(model.replicaOf.primary);
  if (primary === undefined) return 'its primary key is not a key of the app, or was not made';
  const { account, region } = placeOf(seeding, model);
  if (account !== primary.account) return 'its primary key is in another account';
  const there = primary.family.find((one) => one.region === region);
  if (there !== undefined && isIn(seeded, there)) return 'its Region has a key of the same multi-Region key';
  const own = ownOf(seeding, model);
  if (typeof own === 'string') return own;
  if (there !== undefined) return updateKey(seeding, model, there, own);
  return added(seeding, model, makeReplica(primary, { ...own, region }, seeding.now));
}

function keyOf(seeding: Seeding, model: KeyModel, seeded: Seeded): Key | string {
  const place = placeOf(seeding, model);
  const kind = kindOf(seeding, model);
  if (typeof kind === 'string') return kind;
  const id = bound(seeding, model.id);
  if (id === undefined) return 'its key id is not known before deployment';
  const { keys } = partitionFor(seeding.store, place.account, place.region);
  const there = keys.get(id);
  if (there !== undefined && isIn(seeded, there)) return 'another key has the same id';
  const own = ownOf(seeding, model);
  if (typeof own === 'string') return own;
  if (there !== undefined) {
    const fixed = unchangeableIn(seeding, model, there, kind);
    return fixed ?? updateKey(seeding, model, there, own, rotationOf(seeding, model));
  }
  const before = seeding.before.keys.get(resourceName(seeding, model));
  // The id says whether it is a multi-Region key, so the same resource now has another.
  if (before !== undefined && [...keys.values()].some(({ arn }) => arn === before.arn))
    return unchangeable(['MultiRegion'], seeding, model);
  const { period } = rotationOf(seeding, model);
  const fixed = seeding.fixed.get(model);
  const plan = { ...place, ...kind, ...own, id, rotationPeriodInDays: period, fixed: fixed?.fixed };
  if (currentRandom().seeded && isAlwaysRandom(kind.spec) && fixed?.fixed === undefined) {
    seeding.problems.push(
      `key ${model.constructPath} is not deterministic: no seed makes a pair of ${kind.spec}; give its material in a seed file`,
    );
  }
  const key = makeKey(plan, fixed?.createdAt ?? seeding.now);
  added(seeding, model, key);
  if (fixed !== undefined) fixHistory(seeding, key, fixed, own.enabled, model.pendingWindowInDays ?? MAX_WINDOW_DAYS);
  return key;
}

function isIn(seeded: Seeded, key: Key): boolean {
  return [...seeded.values()].includes(key);
}

function added({ store, changes }: Seeding, { constructPath }: KeyModel, key: Key): Key {
  addKey(store, key);
  changes.push({ kind: 'key', name: constructPath, change: 'added', details: [] });
  return key;
}

/** A rotation of which something is unknown is a problem, but no reason to go without the key. */
function rotationOf({ problems }: Seeding, { rotation, constructPath }: KeyModel): DeclaredRotation {
  if (rotation.enabled === false) return { known: true, period: undefined };
  if (rotation.enabled && rotation.periodInDays !== undefined) return { known: true, period: rotation.periodInDays };
  problems.push(`key ${constructPath} is not rotated: its rotation is not known before deployment`);
  return { known: false, period: undefined };
}

/** What is each key's own, also among the keys of a multi-Region key. */
function ownOf(seeding: Seeding, { enabled, tags, description, keyPolicy }: KeyModel): Own | string {
  if (enabled === undefined) return 'whether it is enabled is not known before deployment';
  return {
    enabled,
    description: bound(seeding, description) ?? '',
    tags: new Map(tags.map(({ key, value }) => [bound(seeding, key) ?? '', bound(seeding, value) ?? ''])),
    policy: writeKeyPolicy(bindPolicy(keyPolicy, seeding.binding)),
  };
}

function kindOf(seeding: Seeding, { keySpec, keyUsage, origin: from, multiRegion }: KeyModel): Kind | string {
  const spec = keySpecNamed(bound(seeding, keySpec) ?? '');
  if (spec === undefined) return 'its KeySpec is unknown';
  const usage = usagesOf(spec).find((one) => one === bound(seeding, keyUsage));
  if (usage === undefined) return `its KeyUsage is unknown, or not one of a key of spec ${spec}`;
  const origin = bound(seeding, from);
  if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL') return 'its Origin is unknown, or a custom key store';
  if (multiRegion === undefined) return 'whether it is a multi-Region key is not known before deployment';
  return { spec, usage, origin, multiRegion };
}
