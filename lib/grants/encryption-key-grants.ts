import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { allowUse } from './allow';
import { CustomerManagedKeyGrants } from './key-grants';

/** Permissions on a symmetric encryption key. */
export class EncryptionKeyGrants extends CustomerManagedKeyGrants {
  /**
   * Encryption, data keys and data key pairs, and being the target of re-encryption; nothing that opens.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'encrypt', grantee, conditions);
  }

  /**
   * Decryption, and nothing else.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public decrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'decrypt', grantee, conditions);
  }

  /**
   * Encryption and decryption.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public encryptAndDecrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'encryptAndDecrypt', grantee, conditions);
  }

  /**
   * Data keys and nothing else, as envelope encryption needs it. An `Envelope` binds the context as well.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public generateDataKeys(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'generateDataKeys', grantee, conditions);
  }
}
