import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { allowUse } from './allow';
import { CustomerManagedKeyGrants } from './key-grants';

/** Permissions on a key that derives shared secrets. */
export class KeyAgreementKeyGrants extends CustomerManagedKeyGrants {
  /** Deriving shared secrets, and reading the public key that the other side needs. */
  public deriveSharedSecret(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'deriveSharedSecret', grantee, conditions);
  }

  /** The public key. */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'getPublicKey', grantee, conditions);
  }
}
