import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of signing keys. */
export class SigningKeyGenerationsGrants extends KeyGenerationsGrants {
  /**
   * Signing with the current generation.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public sign(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('sign', grantee, conditions);
  }

  /**
   * Verification of what any generation has signed that is not retired, in KMS or with the public key.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public verify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('verify', grantee, conditions);
  }

  /**
   * Signing with the current generation, and verification with all that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public signAndVerify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('sign', grantee, conditions).combine(this._onLive('verify', grantee, conditions));
  }

  /**
   * The public keys of all generations that are not retired, for verification outside of KMS.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('getPublicKey', grantee, conditions);
  }
}
