import type { Rule } from './rule.ts';
import { aliasAsResource } from './rules/alias-as-resource.ts';
import { changeableCondition } from './rules/changeable-condition.ts';
import { conditionNeverMet } from './rules/condition-never-met.ts';
import { confusedDeputy } from './rules/confused-deputy.ts';
import { contextBypassed } from './rules/context-bypassed.ts';
import { crossAccountNoEffect } from './rules/cross-account-no-effect.ts';
import { decryptOnAllKeys } from './rules/decrypt-on-all-keys.ts';
import { forAllValuesAlone } from './rules/for-all-values-alone.ts';
import { iamPolicyWithoutDelegation } from './rules/iam-policy-without-delegation.ts';
import { ifExistsOnAllow } from './rules/if-exists-on-allow.ts';
import { invalidPrincipal } from './rules/invalid-principal.ts';
import { invalidSuppression } from './rules/invalid-suppression.ts';
import { keyDeletedWithStack } from './rules/key-deleted-with-stack.ts';
import { keyDisabled } from './rules/key-disabled.ts';
import { keyPolicyCharacters } from './rules/key-policy-characters.ts';
import { keyPolicyLockout } from './rules/key-policy-lockout.ts';
import { keyPolicySize } from './rules/key-policy-size.ts';
import { literalPolicyVariable } from './rules/literal-policy-variable.ts';
import { lockoutCheckBypassed } from './rules/lockout-check-bypassed.ts';
import { loneMultiRegionKey } from './rules/lone-multi-region-key.ts';
import { negatedConditionOnAllow } from './rules/negated-condition-on-allow.ts';
import { notPrincipal } from './rules/not-principal.ts';
import { openCreateGrant } from './rules/open-create-grant.ts';
import { replicaPolicyDrift } from './rules/replica-policy-drift.ts';
import { roleWithFixedName } from './rules/role-with-fixed-name.ts';
import { rotationDisabled } from './rules/rotation-disabled.ts';
import { shortDeletionWindow } from './rules/short-deletion-window.ts';
import { shortRsaKey } from './rules/short-rsa-key.ts';
import { statementWithoutEffect } from './rules/statement-without-effect.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { wildcardInStringEquals } from './rules/wildcard-in-string-equals.ts';
import { wildcardPrincipal } from './rules/wildcard-principal.ts';

/** Every check, in the order of its findings. */
export const RULES: readonly Rule[] = [
  keyPolicyLockout,
  lockoutCheckBypassed,
  iamPolicyWithoutDelegation,
  aliasAsResource,
  statementWithoutEffect,
  conditionNeverMet,
  literalPolicyVariable,
  wildcardInStringEquals,
  crossAccountNoEffect,
  invalidPrincipal,
  notPrincipal,
  wildcardPrincipal,
  confusedDeputy,
  forAllValuesAlone,
  ifExistsOnAllow,
  negatedConditionOnAllow,
  openCreateGrant,
  changeableCondition,
  contextBypassed,
  decryptOnAllKeys,
  roleWithFixedName,
  replicaPolicyDrift,
  keyPolicySize,
  keyPolicyCharacters,
  rotationDisabled,
  keyDeletedWithStack,
  shortDeletionWindow,
  shortRsaKey,
  keyDisabled,
  loneMultiRegionKey,
  invalidSuppression,
  unusedSuppression,
];
