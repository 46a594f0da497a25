import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { allowUse } from './allow';
import { CustomerManagedKeyGrants } from './key-grants';

/** Permissions on a signing key. */
export class SigningKeyGrants extends CustomerManagedKeyGrants {
  /** Signing. */
  public sign(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'sign', grantee, conditions);
  }

  /** Verification, in KMS or with the public key. */
  public verify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'verify', grantee, conditions);
  }

  /** Signing and verification. */
  public signAndVerify(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'signAndVerify', grantee, conditions);
  }

  /** The public key, for verification outside of KMS. */
  public getPublicKey(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'getPublicKey', grantee, conditions);
  }
}
