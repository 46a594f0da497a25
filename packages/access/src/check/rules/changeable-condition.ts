import { evaluate } from '../../engine/evaluate.ts';
import type { Assembly, KeyModel, PrincipalModel } from '../../model.ts';
import type { Policy, Statement } from '../../policy.ts';
import { callerFor, contextOfKey, layersFor } from '../../questions.ts';
import { matchesPattern } from '../../symbolic/match.ts';
import { concat, inWords, unknown } from '../../symbolic/text.ts';
import { covers } from '../actions.ts';
import { isPositive, type Line, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';

const TAGGED = { StringEquals: { 'aws:ResourceTag/team': 'orders' } };

export const changeableCondition: Rule = {
  id: 'changeable-condition',
  severity: 'warning',
  title: 'Access by alias or tag for a principal that can change aliases or tags',
  why: 'Whoever can tag a key, or point an alias at it, decides what a condition on its tags or aliases says, and so gives itself the access.',
  trap: 'Only where one principal of the app has both on a key of the app: by its IAM policies and the key policy together. An alias also has to be allowed as a resource of its own.',
  fix: 'Take kms:TagResource, kms:UntagResource, kms:CreateAlias, kms:UpdateAlias and kms:DeleteAlias from the principal, or name the key instead.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/abac.html',
  bad: {
    resources: {
      Key: key([DELEGATION], { Tags: [{ Key: 'team', Value: 'orders' }] }),
      Reader: role([may('kms:Decrypt', '*', TAGGED), may('kms:TagResource')]),
    },
  },
  good: {
    resources: {
      Key: key([DELEGATION], { Tags: [{ Key: 'team', Value: 'orders' }] }),
      Reader: role([may('kms:Decrypt', '*', TAGGED)]),
    },
  },
  check: (assembly) => assembly.principals.flatMap((principal) => violationsOf(principal, assembly)),
};

const CHANGERS = {
  alias: ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'],
  tag: ['kms:TagResource', 'kms:UntagResource'],
} as const;

function violationsOf(principal: PrincipalModel, { keys }: Assembly): readonly Violation[] {
  return principal.identityPolicies
    .filter(({ constructPath }) => constructPath !== undefined)
    .flatMap((policy) =>
      policy.statements.flatMap((statement) => {
        const kind =
          statement.effect === 'Allow'
            ? linesOf(statement)
                .map(kindOf)
                .find((one) => one)
            : undefined;
        const one = kind && keys.find((candidate) => canChange(kind, principal, candidate, statement).length > 0);
        if (kind === undefined || one === undefined) return [];
        const actions = canChange(kind, principal, one, statement);
        return [violation(principal, policy, statement, one, actions, kind)];
      }),
    );
}

function kindOf(line: Line): keyof typeof CHANGERS | undefined {
  if (!isPositive(line) && line.set === undefined) return undefined;
  if (/^kms:(resourcealiases|requestalias)$/.test(line.key)) return 'alias';
  return line.key.startsWith('aws:resourcetag/') ? 'tag' : undefined;
}

function canChange(kind: keyof typeof CHANGERS, principal: PrincipalModel, one: KeyModel, tested: Statement) {
  if (!tested.resources.some((resource) => matchesPattern(resource, one.arn) !== 'no')) return [];
  return CHANGERS[kind].filter((action) => {
    const asked = { caller: callerFor(principal), resource: one.arn, resourceAccount: one.account, open: true };
    const { verdict } = evaluate({ ...asked, action, context: contextOfKey(one) }, layersFor(one, principal));
    const isAllowed = verdict === 'allowed' || verdict === 'allowed-if';
    return isAllowed && (kind === 'tag' || allowsAliases(principal, action, one));
  });
}

function allowsAliases({ identityPolicies }: PrincipalModel, action: string, { account, region }: KeyModel): boolean {
  const alias = concat(['arn:aws:kms:', region, ':', account, ':alias/', unknown('any name')]);
  return identityPolicies.some(({ statements }) =>
    statements.some((statement) => {
      const isCovered = statement.effect === 'Allow' && covers(statement, action) === 'yes';
      return isCovered && statement.resources.some((resource) => matchesPattern(resource, alias) !== 'no');
    }),
  );
}

function violation(
  at: PrincipalModel,
  policy: Policy,
  statement: Statement,
  one: KeyModel,
  actions: readonly string[],
  kind: keyof typeof CHANGERS,
): Violation {
  const what = kind === 'tag' ? 'the tags' : 'the aliases';
  const message = `${at.constructPath} is allowed ${listed(statement.actions)} by ${what} of a key, and can change them on ${inWords(one.constructPath)} by ${listed(actions)}`;
  return { at, policy, statement, message };
}
