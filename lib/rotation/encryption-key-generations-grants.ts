import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of symmetric encryption keys. */
export class EncryptionKeyGenerationsGrants extends KeyGenerationsGrants {
  /**
   * Encryption and data keys with the current generation.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions);
  }

  /**
   * Data keys of the current generation and nothing else. An `Envelope` binds the context as well.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public generateDataKeys(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('generateDataKeys', grantee, conditions);
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
   * Encryption with the current generation, and decryption with all that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encryptAndDecrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions).combine(this._onLive('decrypt', grantee, conditions));
  }
}
