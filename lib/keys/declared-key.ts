import { Annotations, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { ACCOUNT_DELEGATIONS, AccountDelegation } from '../policy/account-delegation';
import { KeyAccess } from '../policy/key-access';
import { DELEGATED_ACTIONS, keyPolicy, lostStatements } from '../policy/key-policy';
import type { KeyKind } from '../policy/key-uses';
import { policyProblems } from '../policy/policy-problems';
import { renderedPolicy } from '../policy/rendered-policy';
import { warnOfPoliciesWithoutEffect } from '../policy/without-effect';
import { declareReplicas } from '../replicas/declare-replicas';
import type { ReplicaOptions } from '../replicas/replica-options';
import { regionProblems, regionsOf } from '../replicas/replica-problems';
import { rememberReplicas } from '../replicas/replicas-of';
import type { CustomerManagedKeyProps } from './customer-managed-key-props';
import { days } from './days';
import { type DeclaredKey, rememberKey } from './declared-keys';
import { keyProblems } from './key-problems';
import type { KeyShape } from './key-shape';
import { KEY_LIMITS } from './limits';
import { KeyOrigin } from './specs';

/** Puts the key into the template, and has everything about it checked at synthesis. */
export function declareKey(scope: IConstruct, props: CustomerManagedKeyProps, shape: KeyShape): void {
  const kind: KeyKind = {
    usage: shape.usage,
    symmetric: shape.spec === 'SYMMETRIC_DEFAULT' || shape.usage === 'GENERATE_VERIFY_MAC',
    imported: props.origin === KeyOrigin.EXTERNAL,
    multiRegion: props.multiRegion ?? regionsOf(props).length > 0,
  };
  const accountDelegation =
    ACCOUNT_DELEGATIONS.find((one) => one === props.accountDelegation) ?? AccountDelegation.FULL;
  const policyParts = (here: PolicyProps) => ({
    kind,
    accountDelegation,
    access: accessList(here, shape),
    own: here.policy,
  });
  const policy = keyPolicy(scope, policyParts(props));
  const lost = lostStatements(props.policy);
  const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
  const pendingWindowInDays = days(props.pendingWindow, KEY_LIMITS.pendingWindow.default);

  const wrongRegions = regionProblems(scope, props);
  const problems = [
    ...keyProblems(scope, shape, kind, props, accessList(props, shape)),
    ...wrongRegions,
    ...(shape.problems ?? []),
  ];
  scope.node.addValidation({
    validate: () => [
      ...problems,
      ...lost(),
      ...policy.validateForResourcePolicy(),
      ...policyProblems(renderedPolicy(scope, policy), kind, props.bypassPolicyLockoutSafetyCheck ?? false),
    ],
  });
  if (props.bypassPolicyLockoutSafetyCheck) {
    Annotations.of(scope).addWarningV2(
      'cdk-keysmith:bypassPolicyLockoutSafetyCheck',
      'bypassPolicyLockoutSafetyCheck is on: KMS takes a key policy that nobody can change afterwards, and then only AWS Support can help; take it off as soon as the policy is deployed',
    );
  }

  const rotates = shape.rotationPeriodInDays !== undefined;
  const resource = new kms.CfnKey(scope as kms.CfnKey, 'Resource', {
    description: props.description,
    enabled: props.enabled,
    // Rotation is said of symmetric encryption keys only, off or on; of others CloudFormation does not take the word.
    enableKeyRotation: shape.spec === 'SYMMETRIC_DEFAULT' && !kind.imported ? rotates : undefined,
    rotationPeriodInDays: shape.rotationPeriodInDays,
    pendingWindowInDays,
    keyPolicy: policy,
    bypassPolicyLockoutSafetyCheck: props.bypassPolicyLockoutSafetyCheck || undefined,
    // What is CloudFormation's own default is not written, so that the template says what is particular.
    keySpec: shape.spec === 'SYMMETRIC_DEFAULT' ? undefined : shape.spec,
    keyUsage: shape.spec === 'SYMMETRIC_DEFAULT' ? undefined : shape.usage,
    multiRegion: kind.multiRegion || undefined,
    origin: kind.imported ? KeyOrigin.EXTERNAL : undefined,
  });
  resource.applyRemovalPolicy(removalPolicy);
  for (const [name, value] of Object.entries(props.tags ?? {})) {
    Tags.of(resource).add(name, value);
  }
  const facts: DeclaredKey = {
    keyArn: resource.attrArn,
    keyId: resource.ref,
    resource,
    kind,
    policy,
    useDelegated: accountDelegation === AccountDelegation.FULL,
    removalPolicy,
    replicas: [],
  };
  if (!facts.useDelegated) {
    const delegated = DELEGATED_ACTIONS[accountDelegation](kind);
    warnOfPoliciesWithoutEffect(scope, { resource, policy, delegated });
  }
  if (wrongRegions.length > 0) {
    rememberKey(scope, facts);
    return;
  }
  const replicas = declareReplicas({
    key: scope as Construct & kms.IKey,
    facts,
    props,
    policyParts: (own) => policyParts({ ...props, ...given(own) }),
    problems: (own) => {
      const merged = { ...props, ...given(own) };
      return keyProblems(scope, shape, kind, merged, accessList(merged, shape));
    },
  });
  rememberKey(scope, { ...facts, replicas });
  rememberReplicas(scope, replicas);
}

/** The properties that a key policy is made of. */
type PolicyProps = Pick<CustomerManagedKeyProps, 'administrators' | 'access' | 'policy'>;

function accessList({ administrators = [], access = [] }: PolicyProps, shape: KeyShape): KeyAccess[] {
  return [
    ...(administrators.length > 0 ? [KeyAccess.administer(administrators)] : []),
    ...(shape.access ?? []),
    ...access,
  ];
}

/** What a Region has of its own; other languages can pass undefined for what is left out. */
function given(options: Partial<ReplicaOptions>): Partial<ReplicaOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
