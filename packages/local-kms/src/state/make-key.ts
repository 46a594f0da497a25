import { randomBytes, randomUUID } from 'node:crypto';
import { type KeyMaterial, randomKeyTag, randomMaterial } from '../crypto/material.ts';
import { keyArn } from './arn.ts';
import type { Key, KeyOrigin, KeyPolicy } from './key.ts';
import { KEY_SPECS, type KeySpec, type KeyUsage } from './key-specs.ts';

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
}

/** A key with fresh random material, or waiting for its import where its origin is EXTERNAL. */
export function makeKey(plan: KeyPlan, now: Date): Key {
  const { enabled, ...facts } = plan;
  return {
    ...facts,
    arn: keyArn(plan.account, plan.region, plan.id),
    tag: randomKeyTag(),
    createdAt: now,
    state: plan.origin === 'EXTERNAL' ? 'PendingImport' : enabled ? 'Enabled' : 'Disabled',
    deletion: undefined,
    materials: firstMaterials(plan),
    grants: new Map(),
  };
}

/** A key id as KMS makes it. */
export function randomKeyId(multiRegion: boolean): string {
  return multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID();
}

function firstMaterials({ origin, spec }: KeyPlan): readonly KeyMaterial[] {
  return origin === 'AWS_KMS' && KEY_SPECS[spec].material ? [randomMaterial()] : [];
}
