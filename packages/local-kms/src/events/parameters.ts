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
  for (const [name, member] of Object.entries(schema)) {
    if (member.type !== 'blob' && !member.sensitive && input[name] !== undefined) {
      shown[lowerCamel(name)] = shownValue(input[name]);
    }
  }
  // CloudTrail shows the algorithm of Decrypt even where the request left it out.
  if (operation === 'Decrypt') shown['encryptionAlgorithm'] ??= 'SYMMETRIC_DEFAULT';
  return shown;
}

/** The members of an answer as an event shows them. */
export function shownAnswer(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [lowerCamel(name), shownValue(value)]));
}

function shownValue(value: unknown): unknown {
  // Not Object.fromEntries on a literal: a context may have the key "__proto__".
  if (value instanceof Map) return Object.assign(Object.create(null), Object.fromEntries(value));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(shownValue);
  if (typeof value === 'object' && value !== null) return shownAnswer(value as Record<string, unknown>);
  return value;
}

/** `KeyId` → `keyId`, `AWSAccountId` → `aWSAccountId`, as CloudTrail has it. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
