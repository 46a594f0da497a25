import type { KeySpec, KeyUsage } from '../../state/key-specs.ts';

/** A seed file whose shape was checked: {@link SEED} in types. */
export interface SeedDocument {
  readonly account?: string;
  readonly region?: string;
  readonly keys?: readonly SeedKey[];
  readonly principals?: readonly SeedPrincipal[];
}

export interface SeedKey extends SeedReplicaFacts {
  readonly keyId: string;
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  readonly keySpec?: KeySpec;
  readonly keyUsage?: KeyUsage;
  readonly origin?: 'AWS_KMS' | 'EXTERNAL';
  readonly keyState?: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport';
  readonly pendingWindowInDays?: number;
  readonly creationDate?: string;
  readonly rotationPeriodInDays?: number;
  readonly material?: readonly SeedMaterial[];
  readonly replicas?: readonly (SeedReplicaFacts & { readonly region: string })[];
}

/** What each key of a multi-Region key has of its own. */
interface SeedReplicaFacts {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly aliases?: readonly string[];
  readonly keyPolicy?: object;
}

export interface SeedMaterial {
  readonly base64?: string;
  readonly pkcs8?: string;
  readonly rotatedAt?: string;
  readonly rotationType?: 'ON_DEMAND' | 'AUTOMATIC';
}

export interface SeedPrincipal {
  readonly name: string;
  readonly type?: 'role' | 'user';
  readonly path?: string;
  readonly account?: string;
  readonly region?: string;
  readonly policies?: readonly object[];
  readonly permissionsBoundary?: object;
  readonly trustPolicy?: object;
  readonly maxSessionDuration?: number;
}
