import { bindPolicy, type KeyModel } from '@cdk-keysmith/access';
import type { Key, KeyOrigin } from '../state/key.ts';
import { type KeySpec, type KeyUsage, keySpecNamed, usagesOf } from '../state/key-specs.ts';
import { makeKey, makeReplica, type ReplicaPlan } from '../state/make-key.ts';
import { writeKeyPolicy } from '../state/policy-text.ts';
import { addKey, partitionFor } from '../state/store.ts';
import { bound, placeOf, type Seeding } from './context.ts';

/** Makes every key of the app. A key of which something decisive is unknown is a problem, not a guess. */
export function seedKeys(seeding: Seeding): ReadonlyMap<KeyModel, Key> {
  const made = new Map<KeyModel, Key>();
  const { keys } = seeding.assembly;
  const replicas = keys.filter(({ replicaOf }) => replicaOf !== undefined);
  for (const model of [...keys.filter((one) => !replicas.includes(one)), ...replicas]) {
    const key = model.replicaOf === undefined ? keyOf(seeding, model) : replicaOf(seeding, model, made);
    if (typeof key === 'string') seeding.problems.push(`key ${model.constructPath} was not made: ${key}`);
    else {
      addKey(seeding.store, key);
      made.set(model, key);
    }
  }
  return made;
}

function replicaOf(seeding: Seeding, model: KeyModel, made: ReadonlyMap<KeyModel, Key>): Key | string {
  const primary = model.replicaOf?.primary && made.get(model.replicaOf.primary);
  if (primary === undefined) return 'its primary key is not a key of the app, or was not made';
  const { account, region } = placeOf(seeding, model);
  if (account !== primary.account) return 'its primary key is in another account';
  if (primary.family.some((one) => one.region === region)) return 'its Region has a key of the same multi-Region key';
  const own = ownOf(seeding, model);
  return typeof own === 'string' ? own : makeReplica(primary, { ...own, region }, seeding.now);
}

function keyOf(seeding: Seeding, model: KeyModel): Key | string {
  const place = placeOf(seeding, model);
  const kind = kindOf(seeding, model);
  if (typeof kind === 'string') return kind;
  const id = bound(seeding, model.id);
  if (id === undefined) return 'its key id is not known before deployment';
  if (partitionFor(seeding.store, place.account, place.region).keys.has(id)) return 'another key has the same id';
  const own = ownOf(seeding, model);
  if (typeof own === 'string') return own;
  return makeKey({ ...place, ...kind, ...own, id, rotationPeriodInDays: rotationOf(seeding, model) }, seeding.now);
}

/** A rotation of which something is unknown is a problem, but no reason to go without the key. */
function rotationOf({ problems }: Seeding, { rotation, constructPath }: KeyModel): number | undefined {
  if (rotation.enabled === false) return undefined;
  if (rotation.enabled && rotation.periodInDays !== undefined) return rotation.periodInDays;
  problems.push(`key ${constructPath} is not rotated: its rotation is not known before deployment`);
  return undefined;
}

type Own = Omit<ReplicaPlan, 'region'>;

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

interface Kind {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
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
