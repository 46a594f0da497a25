import { type ParsedOperator, parseOperator } from '../engine/operators.ts';
import type { Condition, Statement } from '../policy.ts';
import { splitArn } from '../symbolic/arn.ts';
import { partsOf } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/** A condition with its operator taken apart. */
export interface Line extends ParsedOperator {
  readonly condition: Condition;
  /** In lower case, as names are compared. */
  readonly key: string;
}

export function linesOf({ conditions }: Statement): readonly Line[] {
  return conditions.map((condition) => {
    return { ...parseOperator(condition.operator), condition, key: condition.key.toLowerCase() };
  });
}

/** Whether a line holds only where the request carries the key, with one of the values. */
export function isPositive({ operator, set, ifExists }: Line): boolean {
  return operator !== undefined && operator.kind !== 'null' && !operator.negated && !ifExists && set !== 'ForAllValues';
}

/** Whether another line makes sure that the request carries the key. */
export function isPresent(statement: Statement, key: string): boolean {
  return linesOf(statement).some((line) => {
    if (line.key !== key) return false;
    const isNotNull = line.operator?.kind === 'null' && line.condition.values.every((value) => value === 'false');
    return isNotNull || isPositive(line) || (line.set === 'ForAnyValue' && !line.ifExists);
  });
}

/** Whether a value leaves something out: `*` and `?*` do not. */
export function isFixed(value: Value): boolean {
  return partsOf(value).some((part) => typeof part !== 'string' || /[^*?]/.test(part));
}

/** Whether a pattern of ARNs leaves out accounts: one with `*` for the account does not. */
export function fixesAccount(value: Value): boolean {
  const [, , , , account, resource] = typeof value === 'string' ? value.split(':') : (splitArn(value) ?? []);
  // What is no ARN matches none; an S3 bucket or an SNS topic without account is one of somebody.
  if (account === undefined) return isFixed(value);
  return account === '' ? isFixed(resource ?? '') : isFixed(account);
}

/** Whether a value of the encryption context leaves out accounts, where it is an ARN, as that of a log group. */
function fixesContext(value: Value): boolean {
  return splitArn(value) === undefined ? isFixed(value) : fixesAccount(value);
}

/** Keys that hold the caller, or whom a service acts for, to somebody; how their values may leave that open. */
const WHO: Readonly<Record<string, (value: Value) => boolean>> = {
  'kms:calleraccount': isFixed,
  'aws:principalaccount': isFixed,
  'aws:principalarn': fixesAccount,
  'aws:principalorgid': isFixed,
  'aws:principalorgpaths': isFixed,
  'aws:principalservicename': isFixed,
  'aws:userid': isFixed,
  'aws:sourceaccount': isFixed,
  'aws:sourcearn': fixesAccount,
  'aws:sourceorgid': isFixed,
  'aws:sourceorgpaths': isFixed,
  'aws:sourcevpc': isFixed,
  'aws:sourcevpce': isFixed,
  'aws:sourceip': (value) => value !== '0.0.0.0/0' && value !== '::/0' && isFixed(value),
};

/** Whether an Allow for everyone is held to somebody. */
export function limitsWho(statement: Statement): boolean {
  return linesOf(statement).some((line) => {
    const fixed = WHO[line.key];
    return fixed !== undefined && isPositive(line) && line.condition.values.every(fixed);
  });
}

/** Keys by which a service says whom it acts for. */
const SOURCE = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Whether an Allow for a service is held to what the service does for somebody, and if not, what nearly does it. */
export function limitsSource(statement: Statement): { readonly limited: boolean; readonly weak: readonly string[] } {
  const lines = linesOf(statement);
  const fixed = lines.filter((line) => {
    if (line.key.startsWith('kms:encryptioncontext:')) return line.condition.values.every(fixesContext);
    if (line.key === 'kms:calleraccount') return line.condition.values.every(isFixed);
    return SOURCE.includes(line.key) && line.condition.values.every(WHO[line.key] ?? isFixed);
  });
  const weak = lines.filter((line) => SOURCE.includes(line.key)).map(({ condition }) => condition.operator);
  return { limited: fixed.some(isPositive), weak };
}
