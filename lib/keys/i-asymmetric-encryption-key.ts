import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AsymmetricEncryptionKeyGrants } from '../grants/asymmetric-encryption-key-grants';

/** An asymmetric encryption key, of this application or imported. */
export interface IAsymmetricEncryptionKey extends kms.IKey {
  /** Permissions on this key, each written where it takes effect. */
  readonly grants: AsymmetricEncryptionKeyGrants;
}
