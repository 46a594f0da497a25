import type * as kms from 'aws-cdk-lib/aws-kms';
import type { EncryptionKeyGrants } from '../grants/encryption-key-grants';

/** A symmetric encryption key, of this application or imported. */
export interface IEncryptionKey extends kms.IKey {
  /** Permissions on this key, each written where it takes effect. */
  readonly grants: EncryptionKeyGrants;
}
