import type { Grantee } from '../report/grantees.ts';
import type { AccessChange, AccessDiff, AlertKind, ChangeKind, DiffReason, UndecidedChange } from './model.ts';

const ALERTS: readonly (readonly [AlertKind, one: string, many: string])[] = [
  ['lockout', 'lockout', 'lockouts'],
  ['escalation', 'escalation', 'escalations'],
  ['replacement', 'replacement', 'replacements'],
];
const CHANGES: readonly ChangeKind[] = ['gained', 'widened', 'changed', 'narrowed', 'lost'];

/** `1 lockout, 2 gained, 1 lost, 3 not decided`; what came to pass with a key that is gone does not count. */
export function diffInWords(diff: AccessDiff): string {
  const { alerts, keys, principals, undecided } = diff;
  const changes = changesToShow(diff);
  const counts = [
    ...ALERTS.map(([kind, one, many]) => count(alerts.filter((alert) => alert.kind === kind).length, one, many)),
    ...CHANGES.map((kind) => count(changes.filter(({ change }) => change === kind).length, kind)),
    ...(['added', 'removed'] as const).map((kind) =>
      count(keys.filter(({ change }) => change === kind).length, `key ${kind}`, `keys ${kind}`),
    ),
    count(undecided.length, 'not decided'),
  ].flat();
  if (counts.length > 0) return counts.join(', ');
  return keys.length + principals.length > 0 ? 'nobody gains or loses access' : 'no change';
}

function count(number: number, one: string, many = one): readonly string[] {
  return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
}

/** Everybody loses what they had of a key that is gone: that is said once. */
export function changesToShow({ changes }: AccessDiff): readonly AccessChange[] {
  return changes.filter(({ cause }) => cause !== 'key removed');
}

/** A role that one function runs as is called like the function. */
export function granteeInWords({ name, functions }: Grantee): string {
  const [only, ...others] = functions;
  return only === undefined || others.length > 0 ? name : only;
}

/** The state of what is there now; of both where the condition is another one. Empty: without a condition. */
export function stateInWords({ change, before, after }: AccessChange): string {
  if (change === 'gained') return conditionOf(after.text);
  if (change === 'lost') return conditionOf(before.text);
  return `${conditionOf(after.text) || 'always'} (before: ${conditionOf(before.text) || 'always'})`;
}

function conditionOf(text: string): string {
  return text.replace(/^allowed ?/, '');
}

/** `allowed before, unknown now` */
export function doubtInWords({ before, after }: UndecidedChange): string {
  if (before.verdict === after.verdict) return 'unknown before and now, and what it hinges on changed';
  return `${before.text} before, ${after.text} now`;
}

/** With the place in the code, where it is known. */
export function reasonInWords({ text, source }: DiffReason): string {
  return source === undefined ? text : `${text} (${source.file}:${source.line})`;
}

/** What kind of access a change is of, in one word for a glance. */
export function causeInWords({ cause }: AccessChange): string {
  return cause === undefined ? '' : CAUSES[cause];
}

const CAUSES: Readonly<Record<NonNullable<AccessChange['cause']>, string>> = {
  'key added': 'the key is new',
  'key removed': 'the key is gone',
  'principal added': 'the principal is new',
  'principal removed': 'the principal is gone',
};
