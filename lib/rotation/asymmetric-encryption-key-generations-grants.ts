import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of asymmetric encryption keys. */
export class AsymmetricEncryptionKeyGenerationsGrants extends KeyGenerationsGrants {
  /**
   * Encryption for the current generation, in KMS or with its public key.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions);
  }

  /**
   * Decryption with all generations that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public decrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('decrypt', grantee, conditions);
  }

  /**
   * Encryption for the current generation, and decryption with all that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encryptAndDecrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions).combine(this._onLive('decrypt', grantee, conditions));
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
