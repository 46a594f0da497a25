import type * as kms from 'aws-cdk-lib/aws-kms';
import type { KeyAgreementKeyGrants } from '../grants/key-agreement-key-grants';

/** A key agreement key, of this application or imported. */
export interface IKeyAgreementKey extends kms.IKey {
  /** Permissions on this key, each written where it takes effect. */
  readonly grants: KeyAgreementKeyGrants;
}
