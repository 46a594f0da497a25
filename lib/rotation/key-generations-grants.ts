import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { allowUse } from '../grants/allow';
import type { AccessConditions } from '../policy/access-conditions';
import type { KeyUse } from '../policy/key-uses';
import { generationsOf } from './generation-set';

/** Permissions on all generations of a key that every kind of key has. */
export class KeyGenerationsGrants {
  /** The generations that permissions are given on. */
  protected readonly generations: Construct;

  /** @param generations those of a construct of this library */
  constructor(generations: Construct) {
    this.generations = generations;
  }

  /**
   * Administration of every generation, retired ones too: policy, aliases, tags, state and deletion, but not use.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public administer(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._allow('administer', [...generationsOf(this.generations).byId.values()], grantee, conditions);
  }

  /**
   * Reading everything about every generation, retired ones too.
   *
   * @param grantee who gets the permission
   * @param conditions what must be true of a request for the permission to count
   * @throws when no policy could take the permission, so that it would do nothing
   */
  public audit(grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._allow('audit', [...generationsOf(this.generations).byId.values()], grantee, conditions);
  }

  /**
   * A use of the current generation, and of those that are active besides.
   *
   * @internal
   */
  public _onActive(use: KeyUse, grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._allow(use, generationsOf(this.generations).active, grantee, conditions);
  }

  /**
   * A use of every generation that is not retired.
   *
   * @internal
   */
  public _onLive(use: KeyUse, grantee: iam.IGrantable, conditions?: AccessConditions): iam.Grant {
    return this._allow(use, generationsOf(this.generations).live, grantee, conditions);
  }

  /** @internal */
  public _allow(
    use: KeyUse,
    keys: readonly kms.IKey[],
    grantee: iam.IGrantable,
    conditions?: AccessConditions,
  ): iam.Grant {
    return keys.map((key) => allowUse(key, use, grantee, conditions)).reduce((all, one) => all.combine(one));
  }
}
