import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { EnvelopeError, notAuthentic } from './errors.ts';
import type { Suite } from './suites.ts';

/** Holds the bytes of a data key until they are wiped. The bytes are not reachable through inspection or logging. */
export interface DataKey {
  /** Calls `work` with the bytes, which it must not keep. Refused once the key is wiped. */
  use<T>(work: (bytes: Uint8Array) => T): T;
  /** Overwrites the bytes with zeros, for good. */
  wipe(): void;
}

/**
 * Takes over the bytes of a data key: they are copied into memory that nothing else shares, and wiped where they were.
 * A wiped key refuses to be used, because all-zero bytes would otherwise pass for a key.
 * @throws EnvelopeError `KMS_ANSWER` when the data key has another length than the suite needs
 */
export function holdDataKey(source: Uint8Array, suite: Suite): DataKey {
  if (source.length !== suite.keyLength) {
    source.fill(0);
    throw new EnvelopeError(
      'KMS_ANSWER',
      `the data key has ${source.length} bytes; ${suite.name} needs ${suite.keyLength}`,
    );
  }
  const bytes = new Uint8Array(source);
  source.fill(0);
  let wiped = false;
  return {
    use: (work) => {
      if (wiped) throw new EnvelopeError('DISPOSED', 'the data key has been wiped');
      return work(bytes);
    },
    wipe: () => {
      wiped = true;
      bytes.fill(0);
    },
  };
}

/** The keys of one message. */
export interface MessageKeys {
  /** The AES-GCM key of header and frames. */
  readonly encryptionKey: KeyObject;
  /** The 32 bytes that the header shows, so that a message opens under one data key only. Not secret. */
  readonly commitKey: Uint8Array;
}

/**
 * Derives the keys of one message from its data key: HKDF (RFC 5869) with the message id as salt, as the committing
 * suites have it (specification, data-format/message-header.md and framework/algorithm-suites.md).
 */
export function deriveKeys(suite: Suite, dataKey: DataKey, messageId: Uint8Array): MessageKeys {
  const prk = dataKey.use((bytes) => hmac(suite.kdf, createSecretKey(messageId), bytes));
  const prkObject = createSecretKey(prk);
  prk.fill(0);
  // Both outputs are no longer than the hash, so that HKDF's expand step is its first block: HMAC(prk, info || 0x01).
  const derived = hmac(suite.kdf, prkObject, `${suiteIdBytes(suite.id)}DERIVEKEY\u0001`);
  const encryptionKey = createSecretKey(derived.subarray(0, suite.keyLength));
  derived.fill(0);
  const commitKey = hmac(suite.kdf, prkObject, 'COMMITKEY\u0001').subarray(0, COMMIT_KEY_LENGTH);
  return { encryptionKey, commitKey };
}

/**
 * The key that opens a message. Where the suite commits, it is given only once it is certain that the message commits
 * to this data key; the comparison takes constant time.
 * @throws EnvelopeError `NOT_AUTHENTIC` when the commitment is another one
 */
export function openingKey(suite: Suite, dataKey: DataKey, messageId: Uint8Array, commitment: Uint8Array): KeyObject {
  if (!suite.commits) return nonCommittingKey(suite, dataKey, messageId);
  const { encryptionKey, commitKey } = deriveKeys(suite, dataKey, messageId);
  if (commitment.length !== commitKey.length || !timingSafeEqual(commitment, commitKey)) throw notAuthentic();
  return encryptionKey;
}

/** The key of a message of format version 1: the data key itself, or HKDF without salt and with the id as info. */
function nonCommittingKey(suite: Suite, dataKey: DataKey, messageId: Uint8Array): KeyObject {
  const { kdf } = suite;
  if (kdf === 'none') return dataKey.use((bytes) => createSecretKey(bytes));
  const noSalt = createSecretKey(new Uint8Array(createHash(kdf).digest().length));
  const prk = dataKey.use((bytes) => hmac(kdf, noSalt, bytes));
  const prkObject = createSecretKey(prk);
  prk.fill(0);
  const info = `${suiteIdBytes(suite.id)}${Buffer.from(messageId).toString('latin1')}\u0001`;
  const derived = hmac(kdf, prkObject, info);
  const key = createSecretKey(derived.subarray(0, suite.keyLength));
  derived.fill(0);
  return key;
}

/** Bytes of a commit key. */
export const COMMIT_KEY_LENGTH = 32;

function suiteIdBytes(id: number): string {
  return String.fromCharCode(id >> 8, id & 0xff);
}

// One HMAC at a time costs less than half of hkdfSync here, and key objects are much faster than raw keys on Node 24.
function hmac(hash: string, key: KeyObject, data: Uint8Array | string): Buffer {
  const mac = createHmac(hash, key);
  return (typeof data === 'string' ? mac.update(data, 'latin1') : mac.update(data)).digest();
}
