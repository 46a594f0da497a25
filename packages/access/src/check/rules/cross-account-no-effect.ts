import { ruleOfAction } from '../../engine/operations.ts';
import { splitArn } from '../../symbolic/arn.ts';
import { equalValues } from '../../symbolic/match.ts';
import { inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { coveredActions, namedActions } from '../actions.ts';
import { allow, DELEGATION, key, OTHER_ACCOUNT } from '../example.ts';
import { listed, namedIn } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';
import { allowsOfKeys, type KeyPlace } from '../statements.ts';

const OTHER = { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` };

export const crossAccountNoEffect: Rule = {
  id: 'cross-account-no-effect',
  severity: 'warning',
  title: 'Action for another account that works within the account of the key only',
  why: 'Most operations that manage a key cannot be called from another account: the permission has no effect, and hides what is given. kms:* for another account gives all use of the key, and none of its management.',
  trap: 'Only where the accounts certainly differ: a stack that leaves its account open is not reported. Wildcards narrower than kms:* are left alone.',
  fix: 'Name the actions that the other account needs, such as kms:Decrypt and kms:GenerateDataKey.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html',
  bad: { deployed: true, resources: { Key: key([DELEGATION, allow(OTHER, ['kms:Decrypt', 'kms:PutKeyPolicy'])]) } },
  good: { deployed: true, resources: { Key: key([DELEGATION, allow(OTHER, ['kms:Decrypt', 'kms:DescribeKey'])]) } },
  check: (assembly) => allowsOfKeys(assembly).flatMap(violationsOf),
};

function violationsOf(place: KeyPlace): readonly Violation[] {
  const { at, statement } = place;
  const named = namedIn(statement.principals).filter(({ type }) => type === 'AWS');
  const foreign = named.filter(({ value }) => isForeign(value, at.account));
  if (foreign.length === 0 || foreign.length < named.length) return [];
  const who = listed(foreign.map(({ value }) => value));
  if (statement.actions.some((action) => inWords(action) === 'kms:*' || action === '*')) {
    const works = coveredActions(statement).filter(worksAcross).length;
    return [{ ...place, message: `kms:* gives ${who} all use of the key: ${works} actions work across accounts` }];
  }
  const without = namedActions(statement).filter((action) => !worksAcross(action));
  if (without.length === 0) return [];
  return [{ ...place, message: `${listed(without)} cannot be called from another account: no effect for ${who}` }];
}

function worksAcross(action: string): boolean {
  return ruleOfAction(action)?.crossAccount === true;
}

function isForeign(principal: Value, account: Value): boolean {
  const [, , service, , owner] = splitArn(principal) ?? [];
  return owner !== undefined && (service === 'iam' || service === 'sts') && equalValues(owner, account) === 'no';
}
