/**
 * The value that crosses from synthesis to run time, as docs/contract.md specifies it.
 *
 * This module and `packages/envelope/src/contract.ts` are the two ends of it; one test holds them together.
 */
export const CONTRACT_VERSION = 1;

/** Prefix of the environment variable; the name of the envelope follows. */
export const VARIABLE_PREFIX = 'KEYSMITH_ENVELOPE_';

/** Name of the environment variable of an envelope. */
export function variableName(envelopeName: string): string {
  return `${VARIABLE_PREFIX}${envelopeName}`;
}

/** What a function may do with an envelope, in the words of the contract. */
export type ContractDirection = 'encrypt' | 'decrypt' | 'both';

/** Everything that the helper is told. Key ARNs may be tokens. */
export interface ContractFacts {
  readonly direction: ContractDirection;
  /** Keys that data keys are wrapped under. The first one generates them. */
  readonly wrapKeyArns: readonly string[];
  /** Keys that messages may have been written under, the same ones first. */
  readonly unwrapKeyArns: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly requiredContext: readonly string[];
  readonly cache: {
    readonly maxAgeSeconds: number;
    readonly maxMessages: number;
    readonly maxBytes: number;
  };
}

/** The JSON object of the contract, with its members in a fixed order so that equal declarations give equal templates. */
export function contractValue(facts: ContractFacts): Record<string, unknown> {
  return {
    version: CONTRACT_VERSION,
    direction: facts.direction,
    wrapKeys: facts.direction === 'decrypt' ? [] : facts.wrapKeyArns,
    unwrapKeys: facts.direction === 'encrypt' ? [] : facts.unwrapKeyArns,
    context: Object.fromEntries(Object.entries(facts.context).sort(([a], [b]) => (a < b ? -1 : 1))),
    requiredContext: [...facts.requiredContext].sort(),
    cache: facts.cache,
  };
}

/** What a key of the list is for: one that generates data keys, one that wraps those of another, one that only unwraps. */
export type KeyPart = 'generates' | 'wraps' | 'unwraps';

const SEALING: Readonly<Record<KeyPart, readonly string[]>> = {
  generates: ['kms:GenerateDataKey'],
  wraps: ['kms:Encrypt'],
  unwraps: [],
};

/** The KMS actions that a direction needs on a key, and no others. */
export function actionsFor(direction: ContractDirection, part: KeyPart): string[] {
  return [...(direction === 'encrypt' ? [] : ['kms:Decrypt']), ...(direction === 'decrypt' ? [] : SEALING[part])];
}
