import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of signing keys. */
export class SigningKeyGenerationsGrants extends KeyGenerationsGrants {
  /** Signing with the current generation. */
  public sign(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('sign', grantee, conditions);
  }

  /** Verification of what any generation has signed that is not retired, in KMS or with the public key. */
  public verify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('verify', grantee, conditions);
  }

  /** Signing with the current generation, and verification with all that are not retired. */
  public signAndVerify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('sign', grantee, conditions).combine(this._onLive('verify', grantee, conditions));
  }

  /** The public keys of all generations that are not retired, for verification outside of KMS. */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('getPublicKey', grantee, conditions);
  }
}
