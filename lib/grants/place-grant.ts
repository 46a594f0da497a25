import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { warnOfOtherAliases } from '../aliases/unmatched';
import { declaredKey } from '../keys/declared-keys';
import {
  type AccessConditions,
  asksForContext,
  type PolicyConditions,
  policyConditions,
} from '../policy/access-conditions';
import { isGroup } from '../policy/access-problems';
import { carriesContext } from '../policy/kms-actions';
import { bothConditions, conditionClashes } from '../policy/principal-conditions';
import { granteeFor, isService } from '../replicas/regional-principal';
import { topLevel } from '../replicas/related-key';
import { isKnownStatement } from '../services/known-statements';

/**
 * Writes a permission where it takes effect: into the grantee's IAM policy when the key policy delegates to the account,
 * into the key policy as well when it does not or when the grantee belongs to another account. Each replica is a key of its
 * own to both, under the conditions of its Region. A service principal stays in the Region: so does what it acts for.
 *
 * @throws when neither could take it, so that it would do nothing
 */
export function placeGrant(
  key: kms.IKey,
  useDelegated: boolean,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions,
): iam.Grant {
  const grant = placeGrantOn(key, useDelegated, grantee, actions, conditions);
  const { replicas } = declaredKey(key);
  if (replicas.length === 0 || isService(grantee)) {
    return grant;
  }
  return replicas.reduce<iam.Grant>(
    (all, replica) =>
      all.combine(placeGrantOn(replica, useDelegated, granteeFor(replica, key, grantee), actions, conditions)),
    grant,
  );
}

/** The same in one Region alone. */
export function placeGrantOn(
  key: kms.IKey,
  useDelegated: boolean,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions,
): iam.Grant {
  refuseWhatDoesNothing(key, useDelegated, grantee, conditions);
  warnOfAnySource(key, grantee, actions, conditions);
  warnOfOtherAliases(key, String(grantee), conditions);
  if (!asksForContext(conditions)) {
    return place(key, useDelegated, grantee, actions, policyConditions(key, conditions, false));
  }
  const carrying = actions.filter(carriesContext);
  const others = actions.filter((action) => !carriesContext(action));
  const grant = place(key, useDelegated, grantee, carrying, policyConditions(key, conditions, true));
  return others.length === 0
    ? grant
    : grant.combine(place(key, useDelegated, grantee, others, policyConditions(key, conditions, false)));
}

function place(
  key: kms.IKey,
  useDelegated: boolean,
  grantee: iam.IGrantable,
  actions: readonly string[],
  conditions: PolicyConditions,
): iam.Grant {
  const { aliasName, grantArn = key.keyArn } = declaredKey(key);
  // What the principal brings along stands in a key policy anyway; aws-cdk-lib would leave it out of the IAM policy.
  const { conditions: brought } = grantee.grantPrincipal.policyFragment;
  const given = aliasName === undefined ? conditions : { ...conditions, ...hasAlias(aliasName) };
  const [clash] = conditionClashes(brought, given);
  if (clash !== undefined) {
    throw new Error(
      `${key.node.path}: cannot grant to ${String(grantee)}: ${clash}: a statement takes one of them, so the other would be lost; say it in one place`,
    );
  }
  const options: iam.GrantWithResourceOptions = {
    grantee,
    actions: [...actions],
    conditions: bothConditions(brought, given),
    resourceArns: [aliasName === undefined ? grantArn : anyKeyOf(key)],
    // In the key policy "*" is this key; its own ARN there would be a circular reference.
    resourceSelfArns: ['*'],
    resource: key,
  };
  const delegated = useDelegated && takesPermissions(grantee);
  const grant = delegated ? iam.Grant.addToPrincipalOrResource(options) : iam.Grant.addToPrincipalAndResource(options);
  grant.assertSuccess();
  warnOfOrder(key, grantee, grant);
  const asksForAliases = Object.values(conditions).some((keys) => 'kms:ResourceAliases' in keys);
  if (asksForAliases && !(delegated && grant.resourceStatements.length === 0)) {
    throw new Error(
      `${key.node.path}: cannot grant to ${String(grantee)} under resourceAliases: that counts in IAM policies only, and this permission needs a statement in the key policy, where it would never match; leave resourceAliases out, or use requestAlias`,
    );
  }
  return grant;
}

// The resource of a permission is a key and never an alias: it is any key of the account that has the alias.
function anyKeyOf(key: kms.IKey): string {
  return Stack.of(key).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
}

function hasAlias(aliasName: string): PolicyConditions {
  return { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliasName } };
}

// aws-cdk-lib says of an immutable role that the statement was added, which it was not: only the key policy can help.
function takesPermissions({ grantPrincipal }: iam.IGrantable): boolean {
  return !(grantPrincipal instanceof iam.PrincipalBase) && !/^ImmutableRole\d*$/.test(grantPrincipal.constructor.name);
}

function refuseWhatDoesNothing(
  key: kms.IKey,
  useDelegated: boolean,
  grantee: iam.IGrantable,
  conditions: AccessConditions,
): void {
  const principal = grantee.grantPrincipal;
  if (isGroup(principal) && !useDelegated) {
    throw new Error(
      `${key.node.path}: cannot grant to the group ${String(grantee)}: the key policy does not let IAM policies give its use, and a group cannot stand in a key policy; grant to roles or users, or use AccountDelegation.FULL`,
    );
  }
  if (declaredKey(key).aliasName !== undefined && conditions.resourceAliases !== undefined) {
    throw new Error(
      `${key.node.path}: cannot grant to ${String(grantee)} under resourceAliases: the key is imported by its alias, which is that condition already; leave resourceAliases out`,
    );
  }
  if (declaredKey(key).policy === undefined && !takesPermissions(grantee)) {
    throw new Error(
      `${key.node.path}: cannot grant to ${String(grantee)}: the key is imported, so its key policy stays as it is, and this principal has no IAM policy here; whoever owns the key has to grant it`,
    );
  }
}

// KMS refuses a key policy that names who does not exist, and the IAM policy stands in the stack of its role.
function warnOfOrder(key: kms.IKey, { grantPrincipal: principal }: iam.IGrantable, grant: iam.Grant): void {
  const named = grant.resourceStatements.length > 0;
  if (!named || declaredKey(key).resource === undefined || !iam.principalIsOwnedResource(principal)) {
    return;
  }
  const [ofKey, ofPrincipal] = [topLevel(Stack.of(key)), topLevel(Stack.of(principal))];
  if (ofKey !== ofPrincipal) {
    Annotations.of(key).addWarningV2(
      'cdk-keysmith:deployedInTurn',
      `the key policy names ${principal.node.path}, which has to exist before, and its IAM policy in ${ofPrincipal.node.path} names the key: neither stack can be the first one to be deployed; deploy ${ofPrincipal.node.path} once before this grant is added, or import the role by its ARN and give it its IAM policy there`,
    );
  }
}

function warnOfAnySource(
  key: kms.IKey,
  { grantPrincipal: principal }: iam.IGrantable,
  actions: readonly string[],
  conditions: AccessConditions,
): void {
  if (!(principal instanceof iam.ServicePrincipal) || Object.keys(conditions).length > 0) {
    return;
  }
  const statement = new iam.PolicyStatement({ actions: [...actions], principals: [principal], resources: ['*'] });
  // Conditions of the principal are part of the statement, and what aws-cdk-lib is known to write is replaced.
  if (Object.keys(statement.conditions).length === 0 && !isKnownStatement(key, statement)) {
    Annotations.of(key).addWarningV2(
      'cdk-keysmith:servicePrincipalWithoutSource',
      `a service principal (${principal.service}) may use this key for whatever resource it acts for, in any account; say for which one, with the method of the key's services that knows this service`,
    );
  }
}
