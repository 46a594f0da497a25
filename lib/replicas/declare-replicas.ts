import { Annotations, Stack, Tags } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { aliasesOf } from '../keys/aliases-of';
import type { CustomerManagedKeyProps } from '../keys/customer-managed-key-props';
import { days } from '../keys/days';
import { type DeclaredKey, rememberKey } from '../keys/declared-keys';
import { KEY_LIMITS } from '../keys/limits';
import type { KeyPolicyParts } from '../policy/key-policy';
import { keyPolicy, lostStatements } from '../policy/key-policy';
import { policyProblems } from '../policy/policy-problems';
import { renderedPolicy } from '../policy/rendered-policy';
import { deletionPolicyOf } from '../private/deletion-policy';
import type { IReplicaKey } from './i-replica-key';
import { relatedKey, topLevel } from './related-key';
import { ReplicaKey } from './replica-key';
import type { ReplicaOptions } from './replica-options';
import { regionsOf } from './replica-problems';
import { replicaStack } from './replica-stack';

/** What the replicas of a key have from the primary. */
export interface PrimaryKey {
  readonly key: kms.IKey & Construct;
  readonly facts: DeclaredKey;
  readonly props: CustomerManagedKeyProps;
  /** Who may do what, where a Region has its own administrators or access list. */
  readonly policyParts: (options: Partial<ReplicaOptions>) => KeyPolicyParts;
  /** What is wrong with the properties of one Region. */
  readonly problems: (options: Partial<ReplicaOptions>) => string[];
}

/** A replica with its aliases in a stack of each Region. */
export function declareReplicas(primary: PrimaryKey): IReplicaKey[] {
  const { replicas = [] } = primary.props;
  return regionsOf(primary.props).map((region) => {
    const options = replicas.find((one) => one.region === region) ?? { region };
    return declareReplica(primary, options);
  });
}

function declareReplica(primary: PrimaryKey, options: ReplicaOptions): IReplicaKey {
  const { key, facts, props } = primary;
  const stack = replicaStack(key, options.region);
  const replica = new ReplicaKey(stack, idOf(key), key);
  const parts = primary.policyParts(options);
  const policy = keyPolicy(replica, parts);
  const lost = lostStatements(options.policy);
  const found = primary.problems(options);
  replica.node.addValidation({
    validate: () => [
      ...found,
      ...lost(),
      ...policy.validateForResourcePolicy(),
      ...policyProblems(renderedPolicy(stack, policy), facts.kind, false),
    ],
  });

  const resource = new kms.CfnReplicaKey(replica, 'Resource', {
    primaryKeyArn: facts.keyArn,
    keyPolicy: policy,
    description: options.description ?? props.description,
    enabled: options.enabled ?? props.enabled,
    pendingWindowInDays: days(options.pendingWindow ?? props.pendingWindow, KEY_LIMITS.pendingWindow.default),
  });
  const removalPolicy = options.removalPolicy ?? facts.removalPolicy;
  resource.applyRemovalPolicy(removalPolicy);
  for (const [name, value] of Object.entries(options.tags ?? props.tags ?? {})) {
    Tags.of(resource).add(name, value);
  }
  remember(primary, replica, resource, { ...facts, policy, removalPolicy, replicas: [] });
  aliasesOf(replica, { alias: options.alias ?? props.alias, aliases: options.aliases ?? props.aliases });
  warnings(primary, replica);
  return replica;
}

function remember(primary: PrimaryKey, replica: ReplicaKey, resource: kms.CfnReplicaKey, facts: DeclaredKey): void {
  const { key } = primary;
  const sides = { primary: key, replica };
  const arn = {
    ...sides,
    own: resource.attrArn,
    byPrimary: Stack.of(key).formatArn({
      service: 'kms',
      region: replica.region,
      resource: 'key',
      resourceName: primary.facts.keyId,
    }),
  };
  rememberKey(replica, {
    ...facts,
    resource: undefined,
    keyArn: relatedKey({ ...arn, waits: true }),
    keyId: relatedKey({ ...sides, own: resource.ref, byPrimary: primary.facts.keyId, waits: true }),
    // A permission may be given before its key exists, and the policy of the key may wait for who has the permission.
    grantArn: relatedKey({ ...arn, waits: false }),
  });
}

function warnings({ key, facts }: PrimaryKey, replica: ReplicaKey): void {
  // As a validation, since aspects give removal policies, and some reach one of the two stacks.
  replica.node.addValidation({
    validate: () => {
      if (deletionPolicyOf(key) === 'Delete' && deletionPolicyOf(replica) !== 'Delete') {
        Annotations.of(replica).addWarningV2(
          'cdk-keysmith:primaryOutlivedByReplica',
          `the primary key is deleted with its stack and this replica in ${replica.region} is kept: KMS lets a primary key wait (PendingReplicaDeletion) for as long as it has replicas; give both the same removalPolicy`,
        );
      }
      return [];
    },
  });
  if (facts.kind.imported) {
    Annotations.of(replica).addInfoV2(
      'cdk-keysmith:importIntoReplica',
      `a replica of a key with imported material waits (PendingImport) until the same material is imported in ${replica.region} as well: keysmith import-material import --key <ARN of the replica> …`,
    );
  }
}

/** The path of the key within its stack, so that keys of nested stacks and constructs keep apart. */
function idOf(key: Construct): string {
  return key.node.path
    .slice(topLevel(Stack.of(key)).node.path.length + 1)
    .split('/')
    .join('-');
}
