import type { Policy } from '@cdk-keysmith/access';
import type { KeyMaterial } from '../crypto/material.ts';
import type { GrantMap } from './grant-map.ts';
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
  description: string;
  /** In the order in which they came. */
  tags: ReadonlyMap<string, string>;
  state: KeyState;
  /** Set while deletion is pending. */
  deletion: PendingDeletion | undefined;
  /** Oldest first; new data is encrypted under the last. Empty: nothing imported. */
  materials: readonly KeyMaterial[];
  /** What was imported into a key of origin EXTERNAL, oldest first, and what became of it. */
  imports: readonly ImportedMaterial[];
  /** The keys of a multi-Region key, the primary first; of another key itself alone. All of them have the same list. */
  readonly family: readonly Key[];
  /** How the material changes. All keys of a multi-Region key have the same object. */
  readonly rotation: Rotation;
  policy: KeyPolicy;
  /** The last successful cryptographic operation. */
  lastUse: LastUse | undefined;
  /** By id, oldest first. */
  readonly grants: GrantMap;
}

export interface PendingDeletion {
  readonly windowInDays: number;
  /** Undefined for a primary key that waits for its replicas to go: its window begins then. */
  readonly at: Date | undefined;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
export interface Rotation {
  /** Undefined: off. */
  automatic: { readonly periodInDays: number; readonly nextAt: Date } | undefined;
  /** Oldest first. */
  past: readonly PastRotation[];
}

export interface PastRotation {
  /** The material that the rotation brought. */
  readonly materialId: string;
  readonly at: Date;
  readonly type: 'AUTOMATIC' | 'ON_DEMAND';
}

/** A material that was imported at some time: what is remembered of it when its bytes are gone. */
export interface ImportedMaterial {
  /** The same for the same material of the same key, in each of its Regions. */
  readonly id: string;
  readonly material: KeyMaterial | undefined;
  readonly expiresAt: Date | undefined;
  readonly description: string | undefined;
  /** It waits for `RotateKeyOnDemand`: nothing is encrypted or decrypted with it yet. */
  readonly pendingRotation: boolean;
}

/** A use of a key, and where it is recorded. */
export interface LastUse {
  readonly operation: string;
  readonly at: Date;
  readonly eventId: string;
  readonly requestId: string;
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
