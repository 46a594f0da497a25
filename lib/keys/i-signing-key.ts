import type * as kms from 'aws-cdk-lib/aws-kms';
import type { SigningKeyGrants } from '../grants/signing-key-grants';

/** A signing key, of this application or imported. */
export interface ISigningKey extends kms.IKey {
  /** Permissions on this key, each written where it takes effect. */
  readonly grants: SigningKeyGrants;
}
