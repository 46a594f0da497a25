import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { declaredKey } from '../keys/declared-keys';
import { ACCESS_CONDITIONS, type AccessConditions } from '../policy/access-conditions';
import { useProblems } from '../policy/access-problems';
import { conditionProblems } from '../policy/condition-problems';
import { actionsOf, type KeyUse } from '../policy/key-uses';
import { unsuitedAction } from '../policy/kms-actions';
import { grantable, list, maybe, requireShape, type Shape, struct, text } from '../private/shape';
import { placeGrant, placeGrantOn } from './place-grant';

/**
 * Allows a use of a key.
 *
 * @throws when the key has no such use, or when no policy could take the permission
 */
export function allowUse(
  key: kms.IKey,
  use: KeyUse,
  grantee: iam.IGrantable,
  conditions: AccessConditions = {},
): iam.Grant {
  requireGiven(key, { grantee, conditions });
  const { kind, useDelegated } = declaredKey(key);
  const [problem] = useProblems(`cannot grant ${use} to ${String(grantee)}`, use, kind);
  if (problem !== undefined) {
    throw new Error(`${key.node.path}: ${problem}`);
  }
  const actions = actionsOf(use, kind);
  requireConditions(key, grantee, actions, conditions);
  return placeGrant(key, useDelegated, grantee, actions, conditions);
}

/**
 * Allows actions on a key and its replicas.
 *
 * @throws when an action does not exist or does not suit the key, or when no policy could take the permission
 */
export function allowActions(
  key: kms.IKey,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions = {},
): iam.Grant {
  requireGiven(key, { grantee, actions, conditions });
  requireSuited(key, grantee, actions);
  requireConditions(key, grantee, actions, conditions);
  return placeGrant(key, declaredKey(key).useDelegated, grantee, actions, conditions);
}

/**
 * Allows actions on a key and on none of its replicas, under conditions that are checked already.
 *
 * @throws as {@link allowActions} does, but for the conditions
 */
export function allowActionsInRegion(
  key: kms.IKey,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions = {},
): iam.Grant {
  requireGiven(key, { grantee, actions, conditions });
  requireSuited(key, grantee, actions);
  return placeGrantOn(key, declaredKey(key).useDelegated, grantee, actions, conditions);
}

/** What a grant is given. */
interface Given {
  readonly grantee: iam.IGrantable;
  readonly actions?: readonly string[];
  readonly conditions: AccessConditions;
}

const GIVEN: Shape<Given> = { grantee: grantable, actions: maybe(list(text)), conditions: struct(ACCESS_CONDITIONS) };

function requireGiven(key: kms.IKey, given: Given): void {
  requireShape(`${key.node.path}: cannot grant`, given, GIVEN);
}

function requireSuited(key: kms.IKey, grantee: iam.IGrantable, actions: readonly string[]): void {
  if (actions.length === 0) {
    throw new Error(
      `${key.node.path}: cannot grant to ${String(grantee)}: no action is named; name one, "kms:Decrypt"`,
    );
  }
  const { kind } = declaredKey(key);
  const reasons = actions.flatMap((action) => {
    const reason = unsuitedAction(action, kind.usage, kind.symmetric);
    return reason === undefined ? [] : [`${JSON.stringify(action)} ${reason}`];
  });
  if (reasons.length > 0) {
    throw new Error(`${key.node.path}: cannot grant to ${String(grantee)}: ${reasons.join('; ')}`);
  }
}

function requireConditions(
  key: kms.IKey,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions,
): void {
  const found = conditionProblems(`cannot grant to ${String(grantee)}`, conditions, actions, declaredKey(key).kind);
  if (found.length > 0) {
    throw new Error(`${key.node.path}: ${found.join('; ')}`);
  }
}
