import type { Condition } from '../policy.ts';
import type { Value } from '../value.ts';
import { type Findings, isObject, isValue, noteUnknown, shown } from './findings.ts';

/** The lines of a condition block. */
export function readConditions(json: unknown, at: string, findings: Findings): readonly Condition[] {
  if (json === undefined || noteUnknown(json, at, findings)) return [];
  if (!isObject(json)) {
    findings.problems.push(`${at} must be an object, not ${shown(json)}`);
    return [];
  }
  return Object.entries(json).flatMap(([operator, keys]) => {
    if (noteUnknown(keys, `${at}.${operator}`, findings)) return [];
    if (!isObject(keys)) {
      findings.problems.push(`${at}.${operator} must be an object of condition keys, not ${shown(keys)}`);
      return [];
    }
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: readConditionValues(values, `${at}.${operator}.${key}`, findings),
    }));
  });
}

function readConditionValues(json: unknown, at: string, findings: Findings): readonly Value[] {
  return (Array.isArray(json) ? json : [json]).flatMap((value: unknown) => {
    if (isValue(value)) return [value];
    if (typeof value === 'boolean' || typeof value === 'number') return [String(value)];
    findings.problems.push(`${at} must be a string, a number, a boolean or a list of them, not ${shown(value)}`);
    return [];
  });
}
