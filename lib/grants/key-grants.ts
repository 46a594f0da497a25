import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AccessConditions } from '../policy/access-conditions';
import { allowActions, allowUse } from './allow';

/**
 * Permissions on a key that every kind of key has.
 *
 * Each is written where it takes effect: into the grantee's IAM policy, for exactly this key, when the key policy
 * delegates to the account; into the key policy as well when it does not, or when the grantee belongs to another account.
 */
export class CustomerManagedKeyGrants {
  /** The key that permissions are given on. */
  protected readonly key: kms.IKey;

  /** @param key a key that this library made */
  constructor(key: kms.IKey) {
    this.key = key;
  }

  /**
   * Administration of the key: policy, aliases, tags, rotation, state and deletion, but not use.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when the grantee can hold no permission, for instance a role that was imported as immutable
   */
  public administer(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'administer', grantee, conditions);
  }

  /**
   * Administration without `kms:ScheduleKeyDeletion`. Whoever may change the key policy can undo this.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public administerWithoutDeletion(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'administerWithoutDeletion', grantee, conditions);
  }

  /**
   * Reading everything about the key: policy, grants, tags, rotations, last use.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public audit(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'audit', grantee, conditions);
  }

  /**
   * Importing key material, also again; not deleting it.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws unless the key is of this application and has origin EXTERNAL
   */
  public importMaterial(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return allowUse(this.key, 'importMaterial', grantee, conditions);
  }

  /**
   * Any actions, under conditions.
   *
   * @param grantee who gets the permission
   * @param actions as policies write them, `kms:Decrypt`; `*` and `?` stand for other characters
   * @param conditions what must be true of a request for the permission to count
   * @throws when an action does not exist or does not suit the key, so that the permission would do nothing
   */
  public actions(grantee: iam.IGrantable, actions: string[], conditions?: AccessConditions): iam.Grant {
    return allowActions(this.key, grantee, actions, conditions);
  }
}
