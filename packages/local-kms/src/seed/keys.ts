import { bindPolicy, type KeyModel } from '@cdk-keysmith/access';
import type { Key, KeyOrigin } from '../state/key.ts';
import { type KeySpec, type KeyUsage, keySpecNamed, usagesOf } from '../state/key-specs.ts';
import { makeKey } from '../state/make-key.ts';
import { writeKeyPolicy } from '../state/policy-text.ts';
import { addKey, partitionFor } from '../state/store.ts';
import { bound, placeOf, type Seeding } from './context.ts';

/** Makes every key of the app. A key of which something decisive is unknown is a problem, not a guess. */
export function seedKeys(seeding: Seeding): ReadonlyMap<KeyModel, Key> {
  const made = new Map<KeyModel, Key>();
  for (const model of seeding.assembly.keys) {
    const key = keyOf(seeding, model);
    if (typeof key === 'string') seeding.problems.push(`key ${model.constructPath} was not made: ${key}`);
    else {
      addKey(seeding.store, key);
      made.set(model, key);
    }
  }
  return made;
}

function keyOf(seeding: Seeding, model: KeyModel): Key | string {
  if (model.replicaOf !== undefined) return 'replica keys are not made yet';
  const place = placeOf(seeding, model);
  const kind = kindOf(seeding, model);
  if (typeof kind === 'string') return kind;
  const id = bound(seeding, model.id);
  if (id === undefined) return 'its key id is not known before deployment';
  if (partitionFor(seeding.store, place.account, place.region).keys.has(id)) return 'another key has the same id';
  const { enabled, tags } = model;
  if (enabled === undefined) return 'whether it is enabled is not known before deployment';
  return makeKey(
    {
      ...place,
      ...kind,
      id,
      enabled,
      description: bound(seeding, model.description) ?? '',
      tags: new Map(tags.map(({ key, value }) => [bound(seeding, key) ?? '', bound(seeding, value) ?? ''])),
      policy: writeKeyPolicy(bindPolicy(model.keyPolicy, seeding.binding)),
    },
    seeding.now,
  );
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
