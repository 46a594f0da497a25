import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccountDelegation } from '../policy/account-delegation';
import type { KeyAccess } from '../policy/key-access';
import { duration, flag, having, list, maybe, principal, type Shape, struct, text, texts } from '../private/shape';
import { REPLICA_OPTIONS, type ReplicaOptions } from '../replicas/replica-options';
import type { KeyOrigin } from './specs';

/** What can be said about every customer managed key, whatever it is for. */
export interface CustomerManagedKeyProps {
  /**
   * Alias of the key, with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`, not beginning with
   * `alias/aws/`. It is retained or deleted together with the key. Replicas have it in their Regions.
   *
   * @default - no alias
   */
  readonly alias?: string;

  /**
   * Further aliases of the key, named as `alias` is and known at synthesis: at most 50 with it. Their order does not
   * matter. Replicas have them in their Regions.
   *
   * @default - none
   */
  readonly aliases?: string[];

  /**
   * What the key is for, in up to 8,192 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Principals that administer the key: policy, aliases, tags, rotation, state and deletion, but not use.
   *
   * @default - nobody beyond what `accountDelegation` lets IAM policies give
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * Who may do what, as statements of the key policy.
   *
   * @default - nobody beyond what `administrators` and `accountDelegation` give
   */
  readonly access?: KeyAccess[];

  /**
   * How far IAM policies of the key's account decide about it.
   *
   * @default AccountDelegation.FULL
   */
  readonly accountDelegation?: AccountDelegation;

  /**
   * Statements of one's own, added to the key policy as they are. They do not replace anything.
   *
   * @default - none
   */
  readonly policy?: iam.PolicyDocument;

  /**
   * Whether KMS leaves out its check that whoever deploys can change the key policy afterwards.
   *
   * IMPORTANT: a key that nobody can change any more can be neither corrected nor deleted without AWS Support. Synthesis
   * warns, and AWS Control Tower has a control that refuses it.
   *
   * @default false
   */
  readonly bypassPolicyLockoutSafetyCheck?: boolean;

  /**
   * Whether the key can be used.
   *
   * IMPORTANT: whatever is encrypted under a disabled key cannot be read until it is enabled again.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Where the key material comes from. It cannot be changed: CloudFormation refuses the update.
   *
   * @default KeyOrigin.AWS_KMS
   */
  readonly origin?: KeyOrigin;

  /**
   * Whether the key can have replica keys in other Regions. It cannot be changed: CloudFormation refuses the update.
   *
   * @default - true when replicas are asked for, false otherwise
   */
  readonly multiRegion?: boolean;

  /**
   * Regions that have a replica of the key: same id, same material, a key policy of its own. Each Region gets a stack
   * beside this one, and has to be bootstrapped. The stack of the key needs a known Region.
   *
   * IMPORTANT: a Region that is left out later keeps its stack until somebody deletes it (`cdk destroy`).
   *
   * @default - those of `replicas`
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
   */
  readonly replicaRegions?: string[];

  /**
   * What is particular about the replicas of some Regions. A Region that is named here need not stand in
   * `replicaRegions`.
   *
   * @default - every replica is as the primary key
   */
  readonly replicas?: ReplicaOptions[];

  /**
   * Tags of the key, by name: at most 50, names of 1 to 128 characters that do not begin with `aws:`, values of at most
   * 256. Tags can decide about access: whoever may change them may let someone in.
   *
   * @default - those of the stack
   */
  readonly tags?: Record<string, string>;

  /**
   * Time between the deletion of the key and the loss of its material, in which deletion can be cancelled: 7 to 30 days.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to the key and its aliases when they leave the stack.
   *
   * IMPORTANT: with `DESTROY` everything that is encrypted under the key is lost when `pendingWindow` has passed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export const CUSTOMER_MANAGED_KEY: Shape<CustomerManagedKeyProps> = {
  alias: maybe(text),
  aliases: maybe(list(text)),
  description: maybe(text),
  administrators: maybe(list(principal)),
  access: maybe(list(having('a KeyAccess', '_use'))),
  accountDelegation: maybe(text),
  policy: maybe(having('a PolicyDocument', 'addStatements')),
  bypassPolicyLockoutSafetyCheck: maybe(flag),
  enabled: maybe(flag),
  origin: maybe(text),
  multiRegion: maybe(flag),
  replicaRegions: maybe(list(text)),
  replicas: maybe(list(struct(REPLICA_OPTIONS))),
  tags: maybe(texts),
  pendingWindow: maybe(duration),
  removalPolicy: maybe(text),
};
