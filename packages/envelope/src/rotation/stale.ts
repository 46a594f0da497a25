import { EnvelopeError } from '../errors.ts';
import { suiteLabel } from '../suite.ts';
import { inspect } from './inspect.ts';

/** What a message has to be to count as current. Every member that is given is decided by itself. */
export interface StalePolicy {
  /** Key ARNs: current messages are wrapped by all of these, and by no other key. */
  readonly keys?: readonly string[];
  /** Ids of current algorithm suites, for example `[0x0478]`. */
  readonly suites?: readonly number[];
  /** Id of the current key material, as KMS names it after a rotation: `CurrentKeyMaterialId` of DescribeKey. */
  readonly keyMaterialId?: string;
  /** Seconds after which a message is no longer current. */
  readonly maxAge?: number;
}

/** What a message does not say about itself and the caller may know. */
export interface MessageFacts {
  /** When it was written, for example the time of the object or item. */
  readonly writtenAt?: Date;
  /** The key material that wrapped its data key: `KeyMaterialId` in KMS's answer to Decrypt or ReEncrypt. */
  readonly keyMaterialId?: string;
}

/** Whether a message is stale, with the reasons. */
export interface Staleness {
  /** `true` for any reason found; `undefined` when there is none, but something could not be decided. */
  readonly stale: boolean | undefined;
  /** Why it is stale: one sentence each. */
  readonly reasons: readonly string[];
  /** What could not be decided, and what is missing for it. */
  readonly unknown: readonly string[];
}

/**
 * Decides without KMS whether a message has to be re-encrypted. The message format carries neither a time nor the id
 * of the key material, so these are decided by what the caller knows, or not at all.
 * @param message - bytes or base64 text of a message of any suite; what it says about itself is not verified
 * @param policy - what current messages are
 * @param facts - what the message does not say. Default: nothing
 * @throws EnvelopeError as {@link inspect}; `CONFIG` for an age that is not a number of seconds, 0 or more
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
export function isStale(message: Uint8Array | string, policy: StalePolicy, facts: MessageFacts = {}): Staleness {
  const { maxAge } = policy;
  if (maxAge !== undefined && !(Number.isFinite(maxAge) && maxAge >= 0)) {
    throw new EnvelopeError('CONFIG', `maxAge is ${String(maxAge)}; allowed: a number of seconds, 0 or more`);
  }
  const { suite, wrappedBy } = inspect(message);
  const reasons: string[] = [];
  const unknown: string[] = [];
  if (policy.suites !== undefined && !policy.suites.includes(suite.id)) {
    reasons.push(`algorithm suite ${suiteLabel(suite.id)} is not one of ${policy.suites.map(suiteLabel).join(', ')}`);
  }
  if (policy.keys !== undefined) {
    const wrapping = wrappedBy.map(({ keyArn, providerId }) => keyArn ?? `${providerId} (not a KMS key)`);
    const missing = policy.keys.filter((key) => !wrapping.includes(key));
    const others = wrapping.filter((key) => !policy.keys?.includes(key));
    if (missing.length > 0) reasons.push(`its data key is not wrapped by ${missing.join(', ')}`);
    if (others.length > 0) reasons.push(`its data key is wrapped by ${others.join(', ')}`);
  }
  if (policy.keyMaterialId !== undefined) {
    if (facts.keyMaterialId === undefined) {
      unknown.push('key material: a message does not say which one wrapped it; pass the KeyMaterialId of a Decrypt');
    } else if (facts.keyMaterialId !== policy.keyMaterialId) {
      reasons.push(`key material ${facts.keyMaterialId} is not the current ${policy.keyMaterialId}`);
    }
  }
  if (maxAge !== undefined) {
    const age = facts.writtenAt === undefined ? Number.NaN : (Date.now() - facts.writtenAt.getTime()) / 1000;
    if (Number.isNaN(age)) unknown.push('age: a message does not say when it was written; pass writtenAt');
    else if (age > maxAge) reasons.push(`it is ${Math.floor(age)} seconds old; at most ${maxAge} are allowed`);
  }
  return { stale: reasons.length > 0 ? true : unknown.length > 0 ? undefined : false, reasons, unknown };
}
