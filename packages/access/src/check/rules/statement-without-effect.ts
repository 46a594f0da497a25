import { matchesPattern } from '../../symbolic/match.ts';
import { coveredActions } from '../actions.ts';
import { allow, DELEGATION, key } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule } from '../rule.ts';
import { type KeyPlace, keyStatements } from '../statements.ts';

const READER = { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/Reader` } };

export const statementWithoutEffect: Rule = {
  id: 'statement-without-effect',
  severity: 'error',
  title: 'Statement of a key policy that has no effect',
  why: 'KMS accepts a statement without Action or Resource, with actions of other services, or for another key, and it does nothing. What looks like an Allow fails at run time; what looks like a Deny stops nobody.',
  trap: 'A key policy may name its key by "*", by its ARN, and by patterns for replicas in other Regions. What only deployment knows is not reported.',
  fix: 'Give the statement "Resource": "*" and actions of KMS, or remove it.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
  bad: {
    resources: { Key: key([DELEGATION, { Effect: 'Allow', Principal: READER, Action: 'kms:Decrypt' }]) },
  },
  good: { resources: { Key: key([DELEGATION, allow(READER, 'kms:Decrypt')]) } },
  check: (assembly) =>
    keyStatements(assembly).flatMap((place) => {
      const why = reason(place);
      return why === undefined ? [] : [{ ...place, message: `the statement has no effect: ${why}` }];
    }),
};

function reason({ at, statement }: KeyPlace): string | undefined {
  const { actions, notActions, resources, notResources } = statement;
  if (notActions === undefined && actions.length === 0) return 'it has no Action';
  if (notResources === undefined && resources.length === 0) return 'it has no Resource';
  const isKnown = actions.every((action) => typeof action === 'string');
  if (isKnown && coveredActions(statement).length === 0) return `${listed(actions)} is no action of KMS`;
  const isOwn = resources.some((resource) => matchesPattern(resource, at.arn) !== 'no');
  return notResources === undefined && !isOwn ? `${listed(resources)} is not this key` : undefined;
}
