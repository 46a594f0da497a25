import type { Statement } from '../../policy.ts';
import { isPresent, type Line, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import type { Rule } from '../rule.ts';
import { concernsKms, everyStatement, type Place } from '../statements.ts';

const NAMES = { 'kms:EncryptionContextKeys': ['service'] };

/** CreateGrant has to name operations. */
const ALWAYS_SENT = new Set(['kms:grantoperations']);

export const forAllValuesAlone: Rule = {
  id: 'for-all-values-alone',
  severity: 'warning',
  title: 'ForAllValues in an Allow that also holds for requests without the key',
  why: 'ForAllValues is true where a request carries no value at all, so the condition lets in what it does not look at.',
  trap: 'ForAnyValue, or Null with "false", on the same key closes the gap. kms:GrantOperations is never absent. In a Deny it is the author who wants absent keys denied. With kms:EncryptionContext:… and aws:RequestTag/… KMS refuses ForAllValues in a key policy (OverlyPermissiveCondition): that is an error.',
  fix: 'Add ForAnyValue on the same key, or Null with "false".',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html',
  bad: {
    resources: {
      Key: key([DELEGATION]),
      Writer: role([may('kms:Encrypt', undefined, { 'ForAllValues:StringEquals': NAMES })]),
    },
  },
  good: {
    resources: {
      Key: key([DELEGATION]),
      Writer: role([
        may('kms:Encrypt', undefined, { 'ForAllValues:StringEquals': NAMES, 'ForAnyValue:StringEquals': NAMES }),
      ]),
    },
  },
  check: (assembly) =>
    everyStatement(assembly)
      .filter(({ statement }) => statement.effect === 'Allow')
      .flatMap((place) => linesOf(place.statement).flatMap((line) => violations(place, line))),
};

function violations(place: Place, line: Line) {
  if (line.set !== 'ForAllValues' || !concernsKms(place)) return [];
  const { key: written, operator } = line.condition;
  if (place.policy.kind === 'key' && /^(kms:encryptioncontext:|aws:requesttag\/)/.test(line.key)) {
    const message = `KMS refuses ${operator} on ${written}: the key has one value only`;
    return [{ ...place, message, severity: 'error' as const, fix: 'Use the operator without ForAllValues.' }];
  }
  if (ALWAYS_SENT.has(line.key) || isPresent(others(place.statement, line), line.key)) return [];
  return [{ ...place, message: `${operator} on ${written} also holds for requests without ${written}` }];
}

function others(statement: Statement, line: Line): Statement {
  return { ...statement, conditions: statement.conditions.filter((condition) => condition !== line.condition) };
}
