import { Choice } from '../symbolic/outcome.ts';
import { isSymbolic, whyUnknown } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** What reading a document brings up: mistakes in it, and parts that only deployment knows. */
export interface Findings {
  readonly problems: string[];
  readonly unreadable: string[];
}

export type Json = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is Json {
  if (typeof value !== 'object' || value === null || value instanceof Choice) return false;
  return !Array.isArray(value) && !isSymbolic(value);
}

export function isValue(value: unknown): value is Value {
  return typeof value === 'string' || isSymbolic(value);
}

/** Notes a value that had to be known here and is not; true when that was so. */
export function noteUnknown(value: unknown, place: string, findings: Findings): boolean {
  if (!isSymbolic(value)) return false;
  findings.unreadable.push(`${place}: ${whyUnknown(value) ?? 'not known before deployment'}`);
  return true;
}

/** A wrong value in a message: short, and never more than its kind when it is not a plain scalar. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return Array.isArray(value) ? 'a list' : 'an object';
}
