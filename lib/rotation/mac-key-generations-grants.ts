import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccessConditions } from '../policy/access-conditions';
import { KeyGenerationsGrants } from './key-generations-grants';

/** Permissions on generations of keys for message authentication codes. */
export class MacKeyGenerationsGrants extends KeyGenerationsGrants {
  /**
   * Making codes with the current generation.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public generateMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('generateMac', grantee, conditions);
  }

  /**
   * Verifying codes of all generations that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public verifyMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onLive('verifyMac', grantee, conditions);
  }

  /**
   * Making codes with the current generation, and verifying those of all that are not retired.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public generateAndVerifyMac(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._onActive('generateMac', grantee, conditions).combine(this._onLive('verifyMac', grantee, conditions));
  }
}
