import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { DataKey } from './data-key.ts';

/** The keys of one message. */
export interface MessageKeys {
  /** The AES-GCM key of header and frames. */
  readonly encryptionKey: KeyObject;
  /** The 32 bytes that the header shows, so that a message opens under one data key only. Not secret. */
  readonly commitKey: Uint8Array;
}

/**
 * Derives the keys of one message of a committing suite from its data key: HKDF with SHA-512 (RFC 5869) and the message
 * id as salt (specification, data-format/message-header.md and framework/algorithm-suites.md). Both keys have 32 bytes.
 * @param keyLabel - from {@link encryptionKeyLabel}
 */
export function deriveKeys(keyLabel: string, dataKey: DataKey, messageId: Uint8Array): MessageKeys {
  const salt = createSecretKey(messageId);
  const prk = extracted(dataKey.use((bytes) => createHmac('sha512', salt).update(bytes).digest()));
  return {
    encryptionKey: expanded('sha512', prk, keyLabel, 32),
    commitKey: createHmac('sha512', prk).update(COMMIT_KEY_LABEL, 'latin1').digest().subarray(0, 32),
  };
}

// Both outputs are no longer than the hash, so that HKDF's expand step is its first block: HMAC(prk, info || 0x01).
const COMMIT_KEY_LABEL = 'COMMITKEY\u0001';

/** What the encryption key of a committing suite is expanded with. */
export function encryptionKeyLabel(suiteId: number): string {
  return `${suiteIdText(suiteId)}DERIVEKEY\u0001`;
}

/** The two bytes of a suite id as Latin-1 text. */
export function suiteIdText(id: number): string {
  return String.fromCharCode(id >> 8, id & 0xff);
}

/** The result of HKDF's extract step as a key of HMAC; the bytes are wiped. */
export function extracted(prk: Buffer): KeyObject {
  const key = createSecretKey(prk);
  prk.fill(0);
  return key;
}

/** The first block of HKDF's expand step, cut to `length` bytes, as a key. */
export function expanded(hash: string, prk: KeyObject, block: string, length: number): KeyObject {
  // One HMAC at a time costs less than half of hkdfSync here, and key objects are much faster than raw keys on Node 24.
  const bytes = createHmac(hash, prk).update(block, 'latin1').digest();
  const key = createSecretKey(bytes.subarray(0, length));
  bytes.fill(0);
  return key;
}
