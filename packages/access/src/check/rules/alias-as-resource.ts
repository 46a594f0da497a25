import { ruleOfAction } from '../../engine/operations.ts';
import type { Statement } from '../../policy.ts';
import { inWords } from '../../symbolic/text.ts';
import { coveredActions } from '../actions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule } from '../rule.ts';
import { everyStatement } from '../statements.ts';

const ALIAS = { 'Fn::Sub': `arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:alias/orders` };

export const aliasAsResource: Rule = {
  id: 'alias-as-resource',
  severity: 'error',
  title: 'Statement that names an alias where KMS asks for the key',
  why: 'An alias as the resource counts for making, changing and deleting the alias only. For the use of the key KMS compares the ARN of the key, so the statement allows, or denies, nothing.',
  trap: 'Statements on alias operations name aliases rightly, and a statement that names a key too has an effect. A grant on an alias that was imported by name makes no statement at all, which no template can show.',
  fix: 'Name the ARN of the key, or all keys with the condition kms:RequestAlias or kms:ResourceAliases.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html',
  bad: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt', ALIAS)]) } },
  good: {
    resources: {
      Key: key([DELEGATION]),
      Reader: role([may('kms:Decrypt', '*', { StringEquals: { 'kms:RequestAlias': 'alias/orders' } })]),
    },
  },
  check: (assembly) =>
    everyStatement(assembly).flatMap((place) => {
      const actions = withoutEffect(place.statement);
      if (actions.length === 0) return [];
      const aliases = listed(place.statement.resources);
      return [
        {
          ...place,
          message: `the resource ${aliases} is an alias, so the statement has no effect on ${listed(actions)}`,
        },
      ];
    }),
};

function withoutEffect(statement: Statement): readonly string[] {
  const { resources } = statement;
  if (resources.length === 0 || !resources.every((resource) => /^arn:[^/]*:alias\//.test(inWords(resource)))) return [];
  const actions = coveredActions(statement);
  const onAlias = actions.some((action) => ruleOfAction(action)?.resource === 'alias');
  return onAlias ? [] : actions;
}
