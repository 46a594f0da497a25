import type { Principals, PrincipalType } from '../policy.ts';
import { ALWAYS, type Case, casesOfOutcome, grouped, together } from '../symbolic/cases.ts';
import type { Outcome } from '../symbolic/outcome.ts';
import { concat, partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { type Findings, isObject, noteUnknown, shown } from './findings.ts';
import { valueCases } from './values.ts';

const PRINCIPAL_TYPES: readonly PrincipalType[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

interface Named {
  readonly type: PrincipalType;
  readonly value: Value;
}

const NOBODY: readonly Case<undefined>[] = [{ value: undefined, when: ALWAYS }];

/** Whom a statement names, by the conditions of the template under which it names them. */
export function principalCases(json: unknown, at: string, findings: Findings): readonly Case<Principals | undefined>[] {
  if (json === undefined) return NOBODY;
  const everyone: Case<Principals>[] = [];
  const named: Case<Named>[] = [];
  for (const { value, when } of casesOfOutcome(json as Outcome)) {
    if (value === undefined || noteUnknown(value, at, findings)) continue;
    if (value === '*') everyone.push({ value, when });
    else if (isObject(value)) {
      for (const one of namedIn(value, at, findings)) {
        const all = together(when, one.when);
        if (all !== undefined) named.push({ value: one.value, when: all });
      }
    } else {
      findings.problems.push(`${at} must be "*" or an object such as {"AWS": "<ARN>"}, not ${shown(value)}`);
    }
  }
  const groups = grouped(named).map(({ value, when }) => ({ value: byType(value), when }));
  // An object without anybody in it names nobody, which is not the same as no object at all.
  return everyone.length + groups.length > 0 ? [...everyone, ...groups] : [{ value: {}, when: [] }];
}

/** {@link principalCases} where no condition makes a difference. */
export function readPrincipals(json: unknown, at: string, findings: Findings): Principals | undefined {
  return principalCases(json, at, findings)[0]?.value;
}

function namedIn(json: Readonly<Record<string, unknown>>, at: string, findings: Findings): readonly Case<Named>[] {
  return Object.entries(json).flatMap(([name, values]): readonly Case<Named>[] => {
    const type = PRINCIPAL_TYPES.find((candidate) => candidate === name);
    if (type === undefined) {
      findings.problems.push(`${at}: unknown type ${shown(name)}: allowed are ${PRINCIPAL_TYPES.join(', ')}`);
      return [];
    }
    // YAML takes an account number without quotes for a number.
    const texts = Array.isArray(values) ? values.map(numberAsText) : numberAsText(values);
    return valueCases(texts, `${at}.${type}`, findings).map(({ value, when }) => {
      return { value: { type, value: type === 'AWS' ? accountAsArn(value) : value }, when };
    });
  });
}

function numberAsText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function byType(named: readonly Named[]): Principals {
  const principals: Partial<Record<PrincipalType, Value[]>> = {};
  for (const { type, value } of named) {
    const others = principals[type];
    if (others === undefined) principals[type] = [value];
    else others.push(value);
  }
  return principals;
}

/** IAM stores an account number as the ARN of the account's root. The partition takes no part in comparisons. */
function accountAsArn(principal: Value): Value {
  const [part, more] = partsOf(principal);
  const isAccount =
    typeof part === 'string' ? /^\d{12}$/.test(part) : part?.kind === 'pseudo' && part.name === 'AWS::AccountId';
  return isAccount && more === undefined ? concat(['arn:aws:iam::', principal, ':root']) : principal;
}
