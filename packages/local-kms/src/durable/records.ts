import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Policy } from '@cdk-keysmith/access';
import type { GrantTerms, KeyGrant } from '../state/grant-terms.ts';
import type { Alias, ImportedMaterial, Key, LastUse, PastRotation } from '../state/key.ts';

/**
 * What is written of a key. Instants are milliseconds, and of materials there are names only. The policy is there as it was
 * sent and as the engine reads it: parts of the app's that are not known before deployment are in no text.
 */
export interface KeyRecord
  extends Pick<
    Key,
    'account' | 'region' | 'id' | 'arn' | 'spec' | 'usage' | 'origin' | 'multiRegion' | 'description' | 'state'
  > {
  readonly tag: string;
  readonly createdAt: number;
  readonly tags: readonly (readonly [string, string])[];
  readonly deletion?: { readonly windowInDays: number; readonly at?: number };
  readonly materials: readonly { readonly id: string; readonly isMade: boolean }[];
  readonly imports: readonly (Pick<ImportedMaterial, 'id' | 'description' | 'pendingRotation'> & {
    readonly isHere: boolean;
    readonly expiresAt?: number;
  })[];
  /** Its place among the keys of its multi-Region key; 0 is the primary key. */
  readonly place: number;
  readonly automatic?: { readonly periodInDays: number; readonly nextAt: number };
  readonly past: readonly (Pick<PastRotation, 'materialId' | 'type'> & { readonly at: number })[];
  readonly policyText: string;
  readonly policy: Policy;
}

export function keyRecord(key: Key): KeyRecord {
  const { account, region, id, arn, spec, usage, origin, multiRegion, description, state, deletion, rotation } = key;
  const { automatic, past } = rotation;
  return {
    ...{ account, region, id, arn, spec, usage, origin, multiRegion, description, state },
    tag: Buffer.from(key.tag).toString('base64'),
    createdAt: key.createdAt.getTime(),
    tags: [...key.tags],
    ...(deletion && {
      deletion: { windowInDays: deletion.windowInDays, ...(deletion.at && { at: deletion.at.getTime() }) },
    }),
    materials: key.materials.map(({ id, isMade }) => ({ id, isMade })),
    imports: key.imports.map(({ id, description, pendingRotation, material, expiresAt }) => ({
      ...{ id, description, pendingRotation, isHere: material !== undefined },
      ...(expiresAt && { expiresAt: expiresAt.getTime() }),
    })),
    place: key.family.indexOf(key),
    ...(automatic && { automatic: { periodInDays: automatic.periodInDays, nextAt: automatic.nextAt.getTime() } }),
    past: past.map(({ materialId, type, at }) => ({ materialId, type, at: at.getTime() })),
    policyText: key.policy.text,
    policy: key.policy.policy,
  };
}

export interface AliasRecord extends Pick<Alias, 'name' | 'arn' | 'keyId'> {
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function aliasRecord(place: Pick<AliasRecord, 'account' | 'region'>, alias: Alias): AliasRecord {
  const { name, arn, keyId, createdAt, updatedAt } = alias;
  return { ...place, name, arn, keyId, createdAt: createdAt.getTime(), updatedAt: updatedAt.getTime() };
}

export interface UseRecord extends Omit<LastUse, 'at'> {
  readonly at: number;
}

export function useRecord({ at, ...use }: LastUse): UseRecord {
  return { ...use, at: at.getTime() };
}

type Pairs = readonly (readonly [string, string])[];

export interface GrantRecord extends Pick<KeyGrant, 'id' | 'name' | 'issuingAccount' | 'label'> {
  readonly createdAt: number;
  readonly terms: Omit<GrantTerms, 'encryptionContextEquals' | 'encryptionContextSubset'>;
  readonly equals?: Pairs;
  readonly subset?: Pairs;
}

export function grantRecord({ id, name, issuingAccount, label, createdAt, terms }: KeyGrant): GrantRecord {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, ...others } = terms;
  return {
    ...{ id, name, issuingAccount, label, createdAt: createdAt.getTime(), terms: others },
    ...(equals && { equals: [...equals] }),
    ...(subset && { subset: [...subset] }),
  };
}

export function grantTerms({ terms, equals, subset }: GrantRecord): GrantTerms {
  return {
    ...terms,
    ...(equals && { encryptionContextEquals: new Map(equals) }),
    ...(subset && { encryptionContextSubset: new Map(subset) }),
  };
}

const SECRET = 0;
const PRIVATE = 1;

/** The bytes of a key, which the caller wipes: never as text, which nobody can wipe. */
export function secretRecord(secret: KeyObject): Buffer {
  const isSecret = secret.type === 'secret';
  const bytes = isSecret ? secret.export() : secret.export({ format: 'der', type: 'pkcs8' });
  const record = Buffer.concat([Buffer.of(isSecret ? SECRET : PRIVATE), bytes]);
  bytes.fill(0);
  return record;
}

export function readSecret(record: Buffer): KeyObject {
  const bytes = record.subarray(1);
  return record[0] === SECRET ? createSecretKey(bytes) : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
}
