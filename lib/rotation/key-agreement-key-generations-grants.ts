import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of key agreement keys. */
export class KeyAgreementKeyGenerationsGrants extends KeyGenerationsGrants {
  /**
   * Deriving shared secrets with all generations that are not retired, and reading their public keys: what was agreed on
   * with an older one has to be derived with it.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public deriveSharedSecret(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('deriveSharedSecret', grantee, conditions);
  }

  /**
   * The public key of the current generation, which is the one to hand out.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('getPublicKey', grantee, conditions);
  }
}
