import { canCarry, carriersOfKey } from '../../engine/condition-keys.ts';
import { coveredActions, namedActions } from '../actions.ts';
import { isPositive, type Line, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';
import { everyStatement, type Place } from '../statements.ts';

const CONTEXT = { StringEquals: { 'kms:EncryptionContext:service': 'orders' } };

export const conditionNeverMet: Rule = {
  id: 'condition-never-met',
  severity: 'error',
  title: 'Condition on a key that requests for the action never carry',
  why: 'A condition on an absent key never holds, and a negated one always does. The statement then allows nothing, denies nothing, or denies everything.',
  trap: 'The two tables of AWS differ: the union counts. IfExists, Null and ForAllValues are meant for absent keys. Where only some of the actions lack the key, those that are named one by one are a warning; wildcards such as kms:Describe* come from examples of AWS and are left alone.',
  fix: 'Put the actions without the key into a statement of their own, or use a condition key that they carry.',
  page: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html',
  bad: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:DescribeKey', undefined, CONTEXT)]) } },
  good: {
    resources: {
      Key: key([DELEGATION]),
      Reader: role([may('kms:Decrypt', undefined, CONTEXT), may('kms:DescribeKey')]),
    },
  },
  check: (assembly) =>
    everyStatement(assembly).flatMap((place) => linesOf(place.statement).flatMap((line) => violations(place, line))),
};

function violations(place: Place, line: Line): readonly Violation[] {
  const { operator, key: name } = line.condition;
  const actions = coveredActions(place.statement);
  const isNegated = line.operator?.negated === true && !line.ifExists && line.set === undefined;
  if (actions.length === 0 || (!isPositive(line) && !isNegated)) return [];
  if (line.key.startsWith('kms:') && carriersOfKey(name) === undefined) {
    return [{ ...place, severity: 'warning', message: `${name} is no condition key of KMS that is known here` }];
  }
  // A statement about other services too says nothing about KMS by its conditions.
  if (!/^(kms:|aws:(requesttag|resourcetag)\/|aws:tagkeys)/.test(line.key) || speaksOfOthers(place)) return [];
  const lacking = actions.filter((action) => !canCarry(action, name));
  if (lacking.length === actions.length) return [{ ...place, message: consequence(place, isNegated, operator, name) }];
  const named = namedActions(place.statement).filter((action) => lacking.includes(action));
  if (named.length === 0) return [];
  const never = isNegated ? 'always holds' : 'never holds';
  const message = `${operator} on ${name} ${never} for ${listed(named)}, whose requests do not carry it`;
  return [{ ...place, severity: 'warning', message }];
}

function consequence({ statement }: Place, isNegated: boolean, operator: string, name: string): string {
  const what = `no request for ${listed(statement.actions)} carries ${name}, so ${operator}`;
  if (!isNegated)
    return `${what} never holds and the statement ${statement.effect === 'Allow' ? 'allows' : 'denies'} nothing`;
  return `${what} always holds and limits nothing`;
}

function speaksOfOthers({ statement: { actions, notActions } }: Place): boolean {
  return notActions !== undefined || actions.some((action) => typeof action !== 'string' || !/^kms:/i.test(action));
}
