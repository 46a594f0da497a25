import { matchAccount } from '../../engine/principals.ts';
import type { Statement } from '../../policy.ts';
import { covers, namedActions } from '../actions.ts';
import { isPositive, type Line, linesOf } from '../conditions.ts';
import { allow, DELEGATION, key } from '../example.ts';
import { namedIn } from '../named.ts';
import type { Rule } from '../rule.ts';
import { allowsOfKeys, identityStatements, type Place } from '../statements.ts';

const OPERATOR = { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/Operator` } };

export const openCreateGrant: Rule = {
  id: 'open-create-grant',
  severity: 'warning',
  title: 'CreateGrant without limits',
  why: 'Whoever may create grants may give every operation of a grant to anybody, without having it. kms:Create* includes it.',
  trap: 'Delegation to the account of the key is left to IAM. kms:GrantIsForAWSResource, kms:GrantOperations, kms:GranteePrincipal and the other keys about grants, an encryption context and kms:ViaService limit, and so does a service that acts for somebody known. IAM policies of the app are reported where they name kms:CreateGrant itself.',
  fix: 'Add Bool kms:GrantIsForAWSResource "true" for integrated services, or kms:GrantOperations and kms:GranteePrincipal.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html',
  bad: { resources: { Key: key([DELEGATION, allow(OPERATOR, 'kms:CreateGrant')]) } },
  good: {
    resources: {
      Key: key([DELEGATION, allow(OPERATOR, 'kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } })]),
    },
  },
  check: (assembly) => {
    const byKey = allowsOfKeys(assembly).filter(({ at, statement }) => {
      const named = namedIn(statement.principals);
      const delegates = named.every(({ value }) => matchAccount(value, at.account) !== 'no');
      return covers(statement, ACTION) === 'yes' && !(named.length > 0 && delegates);
    });
    const byIdentity = identityStatements(assembly).filter(({ statement }) => {
      return statement.effect === 'Allow' && namedActions(statement).includes(ACTION);
    });
    return [...byKey, ...byIdentity].filter(({ statement }) => !isLimited(statement)).map(violation);
  },
};

const ACTION = 'kms:CreateGrant';

const LIMITING =
  /^(kms:(grant|viaservice|retiring|encryptioncontext)|aws:(sourcearn|sourceaccount|calledvia|principalisawsservice))/;

/** Keys that only limit when they are asked to be true. */
const YES_OR_NO: ReadonlySet<string> = new Set(['kms:grantisforawsresource', 'aws:principalisawsservice']);

function isLimited(statement: Statement): boolean {
  return linesOf(statement).some((line) => {
    const { key: name, condition } = line;
    if (!LIMITING.test(name)) return false;
    if (YES_OR_NO.has(name)) return isPositive(line) && condition.values.every((value) => value !== 'false');
    return (isPositive(line) || limitsOperations(line)) && !condition.values.includes('*');
  });
}

/** CreateGrant always names operations, so ForAllValues limits them too. */
function limitsOperations({ key: name, operator, set }: Line): boolean {
  return name === 'kms:grantoperations' && operator?.kind === 'text' && (set === 'ForAllValues' || !operator.negated);
}

function violation(place: Place) {
  return { ...place, message: 'kms:CreateGrant without limits: any operation can be handed on to anybody' };
}
