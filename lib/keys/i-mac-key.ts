import type * as kms from 'aws-cdk-lib/aws-kms';
import type { MacKeyGrants } from '../grants/mac-key-grants';

/** A MAC key, of this application or imported. */
export interface IMacKey extends kms.IKey {
  /** Permissions on this key, each written where it takes effect. */
  readonly grants: MacKeyGrants;
}
