import type { KeyState } from './state/key.ts';

/** A key of the local KMS. */
export interface LocalKey {
  readonly arn: string;
  readonly keyId: string;
  readonly account: string;
  readonly region: string;
  /** For example `SYMMETRIC_DEFAULT`. */
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly keyState: KeyState;
  /** Where the app declares the key; undefined for a key that CreateKey made. */
  readonly constructPath: string | undefined;
}

/** An alias of the local KMS. */
export interface LocalAlias {
  /** With its prefix `alias/`. */
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string;
}

/** Somebody whose credentials `credentialsFor` gives. */
export interface LocalPrincipal {
  /** The name that lists show: the construct path. */
  readonly name: string;
  readonly type: 'role' | 'user' | 'function' | 'container';
  /** ARN of the role or user; of what runs as a role, that of the role. Undefined: none that is known before deployment. */
  readonly arn: string | undefined;
  /** Every name that is understood, `name` among them; the end of a construct path is understood too. */
  readonly names: readonly string[];
}
