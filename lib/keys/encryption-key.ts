import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AccountDelegation } from '../policy/account-delegation';
import { keyPolicy } from '../policy/key-policy';
import { aliasProblems } from './alias-name';
import { CustomerManagedKey } from './customer-managed-key';
import { encryptionKeyProblems } from './encryption-key-problems';
import type { EncryptionKeyProps } from './encryption-key-props';
import { KEY_LIMITS } from './limits';

/**
 * A customer managed key for symmetric encryption: AES-256-GCM with material that KMS made (SM4 in China Regions).
 *
 * It rotates every year, is kept together with its alias when the stack is deleted, and waits 30 days before a deletion
 * takes effect. It can be given to every aws-cdk-lib construct that takes a `kms.IKey`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export class EncryptionKey extends CustomerManagedKey {
  public readonly keyArn: string;
  public readonly keyId: string;

  /** Name of the first alias with its prefix, `alias/orders`; undefined for a key without alias. */
  public readonly aliasName?: string;

  protected readonly policy: iam.PolicyDocument;
  protected readonly useDelegatedToAccount: boolean;
  protected readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);

    const accountDelegation = props.accountDelegation ?? AccountDelegation.FULL;
    this.useDelegatedToAccount = accountDelegation === AccountDelegation.FULL;
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.policy = keyPolicy({
      accountDelegation,
      administrators: props.administrators ?? [],
      users: props.users ?? [],
    });

    const problems = encryptionKeyProblems(props);
    this.node.addValidation({ validate: () => problems });

    const rotates = props.enableKeyRotation ?? true;
    const resource = new kms.CfnKey(this, 'Resource', {
      description: props.description,
      enabled: props.enabled,
      enableKeyRotation: rotates,
      rotationPeriodInDays: rotates ? days(props.rotationPeriod, KEY_LIMITS.rotationPeriod.default) : undefined,
      pendingWindowInDays: days(props.pendingWindow, KEY_LIMITS.pendingWindow.default),
      keyPolicy: this.policy,
    });
    resource.applyRemovalPolicy(this.removalPolicy);
    this.keyArn = this.getResourceArnAttribute(resource.attrArn, {
      service: 'kms',
      resource: 'key',
      resourceName: this.physicalName,
    });
    this.keyId = this.getResourceNameAttribute(resource.ref);

    if (props.alias !== undefined && aliasProblems(props.alias).length === 0) {
      this.aliasName = this.addAlias(props.alias).aliasName;
    }
  }
}

function days(duration: Duration | undefined, fallback: number): number {
  // A duration that is not in whole days is reported with everything else that is wrong, not thrown here.
  return duration === undefined ? fallback : duration.toDays({ integral: false });
}
