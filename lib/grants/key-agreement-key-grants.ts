import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { allowUse } from './allow';
import { CustomerManagedKeyGrants } from './key-grants';

/** Permissions on a key that derives shared secrets. */
export class KeyAgreementKeyGrants extends CustomerManagedKeyGrants {
  /**
   * Deriving shared secrets, and reading the public key that the other side needs.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public deriveSharedSecret(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'deriveSharedSecret', grantee, conditions);
  }

  /**
   * The public key.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'getPublicKey', grantee, conditions);
  }
}
