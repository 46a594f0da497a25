import { madeOnce } from '../made-once.ts';
import type { Schema } from '../operations/schema.ts';

/**
 * The parameters of a call as an event shows them: lower camel case, and without any member that holds bytes, because
 * those are plaintexts and ciphertexts, or one that is a secret.
 */
export function requestParameters(
  schema: Schema,
  input: Readonly<Record<string, unknown>>,
  operation: string,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const { name, as } of shownMembers(schema)) {
    const value = input[name];
    if (value !== undefined) shown[as] = shownValue(value);
  }
  // CloudTrail shows the algorithm of Decrypt even where the request left it out.
  if (operation === 'Decrypt') shown['encryptionAlgorithm'] ??= 'SYMMETRIC_DEFAULT';
  return shown;
}

interface ShownMember {
  readonly name: string;
  readonly as: string;
}

const shownMembers = madeOnce((schema: Schema): readonly ShownMember[] =>
  Object.entries(schema)
    .filter(([, member]) => member.type !== 'blob' && !member.sensitive)
    .map(([name]) => ({ name, as: lowerCamel(name) })),
);

/** The members of an answer as an event shows them. */
export function shownAnswer(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [lowerCamel(name), shownValue(value)]));
}

function shownValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) return shownPairs(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.slice(0, MAX_ELEMENTS).map(shownValue);
  return shownAnswer(value as Record<string, unknown>);
}

/**
 * What of a list and of a map is shown, in elements and in characters: a thousand events are kept, and a request may have a
 * megabyte. CloudTrail truncates what is too long for its fields as well.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const MAX_ELEMENTS = 250;
const MAX_CHARACTERS = 100_000;

function shownPairs(pairs: ReadonlyMap<string, string>): Record<string, unknown> {
  // Without a prototype: a context may have the key "__proto__".
  const shown: Record<string, unknown> = Object.create(null);
  let left = MAX_CHARACTERS;
  for (const [name, value] of pairs) {
    left -= name.length + value.length;
    if (left < 0) break;
    shown[name] = value;
  }
  return shown;
}

/** `KeyId` → `keyId`, `AWSAccountId` → `aWSAccountId`, as CloudTrail has it. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
