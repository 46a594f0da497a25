import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of asymmetric encryption keys. */
export class AsymmetricEncryptionKeyGenerationsGrants extends KeyGenerationsGrants {
  /** Encryption for the current generation, in KMS or with its public key. */
  public encrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions);
  }

  /** Decryption with all generations that are not retired. */
  public decrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('decrypt', grantee, conditions);
  }

  /** Encryption for the current generation, and decryption with all that are not retired. */
  public encryptAndDecrypt(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('encrypt', grantee, conditions).combine(this._onLive('decrypt', grantee, conditions));
  }

  /** The public key of the current generation, which is the one to hand out. */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('getPublicKey', grantee, conditions);
  }
}
