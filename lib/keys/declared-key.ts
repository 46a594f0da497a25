import { Annotations, type Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { AccountDelegation } from '../policy/account-delegation';
import { KeyAccess } from '../policy/key-access';
import { keyPolicy } from '../policy/key-policy';
import type { KeyKind } from '../policy/key-uses';
import { policyProblems } from '../policy/policy-problems';
import type { CustomerManagedKeyProps } from './customer-managed-key-props';
import { rememberKey } from './declared-keys';
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
    multiRegion: props.multiRegion ?? false,
  };
  const accountDelegation = props.accountDelegation ?? AccountDelegation.FULL;
  const administrators = props.administrators ?? [];
  const access = [
    ...(administrators.length > 0 ? [KeyAccess.administer(administrators)] : []),
    ...(shape.access ?? []),
    ...(props.access ?? []),
  ];
  const policy = keyPolicy(scope, { kind, accountDelegation, access, own: props.policy });
  const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
  const pendingWindowInDays = days(props.pendingWindow, KEY_LIMITS.pendingWindow.default);

  const problems = [...keyProblems(scope, shape, kind, props, access), ...(shape.problems ?? [])];
  scope.node.addValidation({
    validate: () => [
      ...problems,
      ...policy.validateForResourcePolicy(),
      ...policyProblems(Stack.of(scope).resolve(policy), kind, props.bypassPolicyLockoutSafetyCheck ?? false),
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
  rememberKey(scope, {
    keyArn: resource.attrArn,
    keyId: resource.ref,
    resource,
    kind,
    policy,
    useDelegated: accountDelegation === AccountDelegation.FULL,
    removalPolicy,
  });
}

/** Days of a duration. One that is not in whole days is reported with everything else that is wrong, not thrown here. */
export function days(duration: Duration | undefined, fallback: number): number {
  return duration === undefined ? fallback : duration.toDays({ integral: false });
}
