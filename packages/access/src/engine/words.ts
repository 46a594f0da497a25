import type { Condition, Policy, Statement } from '../policy.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { parseOperator } from './operators.ts';
import type { Caller } from './request.ts';

/** `statement 2 ("AllowUse") of key policy of Orders/Key` */
export function statementInWords(policy: Policy, statement: Statement): string {
  const sid = statement.sid === undefined ? '' : ` ("${statement.sid}")`;
  return `statement ${statement.index}${sid} of ${policy.name}`;
}

export function callerInWords(caller: Caller): string {
  return caller.name ?? inWords(caller.type === 'service' ? caller.service : caller.arn);
}

/** `a`, `a or b`, `a, b or c`; long lists are cut. */
export function listInWords(values: readonly Value[], conjunction = 'or'): string {
  const words = values.slice(0, 5).map(inWords);
  if (values.length > words.length) words.push(`${values.length - words.length} more`);
  const last = words.pop() ?? 'nothing';
  return words.length === 0 ? last : `${words.join(', ')} ${conjunction} ${last}`;
}

/** What a positive operator says about its values; a negated one says "not" in front. */
const RELATIONS: ReadonlyMap<string, string> = new Map([
  ['StringEquals', 'is'],
  ['StringEqualsIgnoreCase', 'is, in any case,'],
  ['StringLike', 'matches'],
  ['ArnEquals', 'matches'],
  ['ArnLike', 'matches'],
  ['NumericEquals', 'is'],
  ['NumericLessThan', 'is less than'],
  ['NumericLessThanEquals', 'is at most'],
  ['NumericGreaterThan', 'is more than'],
  ['NumericGreaterThanEquals', 'is at least'],
  ['DateEquals', 'is'],
  ['DateLessThan', 'is before'],
  ['DateLessThanEquals', 'is not after'],
  ['DateGreaterThan', 'is after'],
  ['DateGreaterThanEquals', 'is not before'],
  ['Bool', 'is'],
  ['BinaryEquals', 'is'],
  ['IpAddress', 'is in'],
  ['StringNotEquals', 'is not'],
  ['StringNotEqualsIgnoreCase', 'is not, in any case,'],
  ['StringNotLike', 'does not match'],
  ['ArnNotEquals', 'does not match'],
  ['ArnNotLike', 'does not match'],
  ['NumericNotEquals', 'is not'],
  ['DateNotEquals', 'is not'],
  ['NotIpAddress', 'is not in'],
]);

/** `encryption context "tenant" is "a" or "b"` */
export function conditionInWords({ operator: written, key, values }: Condition): string {
  const { name, set, ifExists } = parseOperator(written);
  const subject = subjectInWords(key);
  if (name === 'Null') {
    const states = values.map((value) => (String(value).toLowerCase() === 'true' ? 'absent' : 'present'));
    return `${subject} is ${states.join(' or ')}`;
  }
  const relation = RELATIONS.get(name);
  const wanted = listInWords(values.map(quoted));
  if (relation === undefined) return `${written} (no operator of IAM) holds for ${subject} and ${wanted}`;
  const who = set === undefined ? subject : `${set === 'ForAllValues' ? 'every' : 'some'} value of ${subject}`;
  return `${who} ${relation} ${wanted}${ifExists ? ', or it is absent' : ''}`;
}

function subjectInWords(key: string): string {
  const name = /^kms:EncryptionContext:(.*)$/is.exec(key)?.[1];
  if (name !== undefined) return `encryption context "${name}"`;
  return key.toLowerCase() === 'kms:encryptioncontextkeys' ? 'the names of the encryption context' : key;
}

function quoted(value: Value): string {
  const text = inWords(value);
  return /^(true|false|\d+(\.\d+)?)$/.test(text) ? text : `"${text}"`;
}

export function conditionsInWords(conditions: readonly Condition[]): string {
  return conditions.map(conditionInWords).join(' and ');
}
