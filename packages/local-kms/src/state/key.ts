import type { Policy } from '@cdk-keysmith/access';
import type { KeyMaterial } from '../crypto/material.ts';
import type { KeyGrant } from './grant-terms.ts';
import type { KeySpec, KeyUsage } from './key-specs.ts';

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export type KeyState =
  | 'Creating'
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Updating';

export type KeyOrigin = 'AWS_KMS' | 'EXTERNAL';

/** A KMS key as the server holds it. What can change is not readonly. */
export interface Key {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  /** Names the key in its ciphertexts. */
  readonly tag: Uint8Array;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
  readonly createdAt: Date;
  readonly description: string;
  readonly tags: ReadonlyMap<string, string>;
  state: KeyState;
  /** Set while deletion is pending. */
  deletion: { readonly at: Date } | undefined;
  /** Oldest first; new data is encrypted under the last. Empty: nothing imported, or a spec without cryptography here. */
  materials: readonly KeyMaterial[];
  policy: KeyPolicy;
  /** By id, oldest first. */
  readonly grants: Map<string, KeyGrant>;
}

/** A key policy as it was sent, and as the engine reads it. */
export interface KeyPolicy {
  readonly text: string;
  readonly policy: Policy;
}

/** A second name of a key, in the account and Region of the key. */
export interface Alias {
  /** With its prefix `alias/`. */
  readonly name: string;
  readonly arn: string;
  readonly keyId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The material that encrypts new data. */
export function currentMaterial(key: Key): KeyMaterial | undefined {
  return key.materials.at(-1);
}
