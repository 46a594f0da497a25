import { ALWAYS, type Case, itemsOf, together } from '../symbolic/cases.ts';
import { casesOf } from '../symbolic/choices.ts';
import type { Outcome } from '../symbolic/outcome.ts';
import type { Value } from '../value.ts';
import { type Findings, isValue, shown } from './findings.ts';

/** One or many strings, each with the conditions of the template under which it is there. */
export function valueCases(json: unknown, at: string, findings: Findings): readonly Case<Value>[] {
  if (typeof json === 'string') return [{ value: json, when: ALWAYS }];
  return itemsOf(json as Outcome).flatMap(({ value: item, when }): readonly Case<Value>[] => {
    if (!isValue(item)) {
      findings.problems.push(`${at} must be a string or a list of strings, not ${shown(item)}`);
      return [];
    }
    const cases = casesOf(item);
    if (cases === undefined) findings.unreadable.push(`${at}: it hinges on too many conditions of the template`);
    return (cases ?? []).flatMap((one) => {
      const all = together(when, one.when);
      return all === undefined ? [] : [{ value: one.value, when: all }];
    });
  });
}

export function actionCases(json: unknown, at: string, findings: Findings): readonly Case<Value>[] {
  const actions = valueCases(json, at, findings);
  for (const { value } of actions) {
    if (typeof value === 'string' && value !== '*' && !/^[^:]+:.+$/.test(value)) {
      findings.problems.push(`${at} must be "*" or <service>:<action> such as "kms:Decrypt", not ${shown(value)}`);
    }
  }
  return actions;
}

/** One or many strings where no condition makes a difference. */
export function readValues(json: unknown, at: string, findings: Findings): readonly Value[] {
  return valueCases(json, at, findings).map(({ value }) => value);
}

export function readActions(json: unknown, at: string, findings: Findings): readonly Value[] {
  return actionCases(json, at, findings).map(({ value }) => value);
}
