import { type KeyMaterial, randomKeyTag, randomMaterial } from '../crypto/material.ts';
import { currentRandom, randomBytes, randomUuid, usingRandom } from '../crypto/random.ts';
import { keyArn } from './arn.ts';
import { GrantMap } from './grant-map.ts';
import type { Key, KeyOrigin, KeyPolicy } from './key.ts';
import type { KeySpec, KeyUsage } from './key-specs.ts';
import { automaticRotation } from './rotate.ts';

/** What is decided about a key before it exists. */
export interface KeyPlan {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
  readonly description: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly policy: KeyPolicy;
  readonly enabled: boolean;
  /** Days between automatic rotations; undefined: none. */
  readonly rotationPeriodInDays?: number | undefined;
  /** Material that is given instead of made, oldest first, and what names the key in its ciphertexts. */
  readonly fixed?: { readonly tag: Uint8Array; readonly materials: readonly KeyMaterial[] } | undefined;
}

/** A key with fresh random material, or waiting for its import where its origin is EXTERNAL. */
export function makeKey(plan: KeyPlan, now: Date): Key {
  // Of its own, so that other keys, and when they are made, do not matter.
  return usingRandom(currentRandom().named('key', plan.account, plan.region, plan.id), () => keyOf(plan, now));
}

function keyOf(plan: KeyPlan, now: Date): Key {
  const { enabled, rotationPeriodInDays, fixed, ...facts } = plan;
  const family: Key[] = [];
  const key: Key = {
    ...facts,
    arn: keyArn(plan.account, plan.region, plan.id),
    tag: fixed?.tag ?? randomKeyTag(),
    createdAt: now,
    state: plan.origin === 'EXTERNAL' ? 'PendingImport' : enabled ? 'Enabled' : 'Disabled',
    deletion: undefined,
    materials: firstMaterials(plan),
    imports: [],
    family,
    lastUse: undefined,
    rotation: {
      automatic: rotationPeriodInDays === undefined ? undefined : automaticRotation(rotationPeriodInDays, now),
      past: [],
    },
    grants: new GrantMap(),
  };
  family.push(key);
  return key;
}

/** What a replica has of its own. */
export type ReplicaPlan = Pick<KeyPlan, 'region' | 'description' | 'tags' | 'policy' | 'enabled'>;

/**
 * A replica of a primary key: id, material and the tag in ciphertexts are those of the primary, so that each opens what the
 * other sealed. Imported material has to be imported again.
 */
export function makeReplica(primary: Key, { enabled, ...own }: ReplicaPlan, now: Date): Key {
  const imported = primary.origin === 'EXTERNAL';
  const replica: Key = {
    ...primary,
    ...own,
    arn: keyArn(primary.account, own.region, primary.id),
    createdAt: now,
    state: imported ? 'PendingImport' : enabled ? 'Enabled' : 'Disabled',
    deletion: undefined,
    materials: imported ? [] : primary.materials,
    imports: [],
    // Each Region has a record of its own.
    lastUse: undefined,
    grants: new GrantMap(),
  };
  // The list is shared, and this file alone makes it longer.
  (primary.family as Key[]).push(replica);
  return replica;
}

/** A key id as KMS makes it. */
export function randomKeyId(multiRegion: boolean): string {
  return multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUuid();
}

function firstMaterials({ origin, spec, fixed }: KeyPlan): readonly KeyMaterial[] {
  return origin === 'AWS_KMS' ? (fixed?.materials ?? [randomMaterial(spec)]) : [];
}
