import { shown } from '../errors.ts';
import { type FaultKind, INJECTABLE_EXCEPTIONS } from './injection.ts';

/** What is wrong with a value, or undefined. */
type Check = (value: unknown) => string | undefined;

interface Kind {
  /** Members beside `kind`. An absent one is checked as undefined. */
  readonly members: Readonly<Record<string, Check>>;
  /** Operations that it can befall. Default: all. */
  readonly operations?: readonly string[];
}

/** Operations whose answer says under which key something was done. */
const CRYPTOGRAPHIC = [
  ...['Decrypt', 'Encrypt', 'ReEncrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
  ...['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'Sign', 'Verify', 'GenerateMac', 'VerifyMac'],
  ...['DeriveSharedSecret', 'Encapsulate', 'Decapsulate'],
];

/** Longest latency: what waits longer than an hour waits for nothing. */
const MAX_MILLIS = 3_600_000;
/** Longest data key of KMS. */
const MAX_PLAINTEXT_BYTES = 1024;

/** Every kind of fault: what it consists of, and what it can befall. */
export const KINDS: Readonly<Record<FaultKind['kind'], Kind>> = {
  error: { members: { exception: oneOf(INJECTABLE_EXCEPTIONS) } },
  latency: { members: { millis: integer(1, MAX_MILLIS) } },
  'connection-reset': { members: {} },
  unreachable: { members: {} },
  'other-key': { members: { keyId: optionalText }, operations: CRYPTOGRAPHIC },
  'plaintext-length': {
    members: { bytes: integer(0, MAX_PLAINTEXT_BYTES) },
    operations: ['Decrypt', 'GenerateDataKey'],
  },
};

export function oneOf(allowed: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : `must be one of ${allowed.join(', ')}, not ${shown(value)}`;
}

export function integer(min: number, max: number): Check {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be an integer from ${min} to ${max}, not ${shown(value)}`;
}

/** Longest KeyId of the API. */
const MAX_TEXT = 2048;

function optionalText(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT))
    return undefined;
  return `must be text of 1 to ${MAX_TEXT} characters, not ${shown(value)}`;
}
