import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { allowUse } from './allow';
import { CustomerManagedKeyGrants } from './key-grants';

/** Permissions on a key for message authentication codes. */
export class MacKeyGrants extends CustomerManagedKeyGrants {
  /** Making codes. */
  public generateMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'generateMac', grantee, conditions);
  }

  /** Verifying codes. */
  public verifyMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'verifyMac', grantee, conditions);
  }

  /** Making and verifying codes. */
  public generateAndVerifyMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'generateAndVerifyMac', grantee, conditions);
  }
}
