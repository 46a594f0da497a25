import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export const LOCAL_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals the records of a state under its local key. */
export interface Sealer {
  /** Tells local keys apart, and nothing else about them. */
  readonly id: string;
  /** @param name - what the record is; it opens under no other name */
  seal(name: string, record: Uint8Array): Buffer;
  /** Undefined: the record was changed, is another one, or was sealed under another local key. */
  open(name: string, sealed: Uint8Array): Buffer | undefined;
}

/** AES-256-GCM under a key that is derived from the local key. Nonces are random: good for 2^32 records. */
export function createSealer(localKey: Uint8Array): Sealer {
  const key = derived(localKey, 'records', 32);
  return {
    id: derived(localKey, 'id', 8).toString('hex'),
    seal(name, record) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(name, 'utf8'));
      return Buffer.concat([nonce, cipher.update(record), cipher.final(), cipher.getAuthTag()]);
    },
    open(name, sealed) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name, 'utf8'));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const record = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
        return record;
      } catch {
        record.fill(0);
        return undefined;
      }
    },
  };
}

/** The tag of a sealed record, which is another for every record that was ever sealed. */
export function sealOf(sealed: Uint8Array): Buffer {
  return Buffer.from(sealed.subarray(-TAG_BYTES));
}

function derived(localKey: Uint8Array, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', localKey, '', `local-kms state 1: ${purpose}`, length));
}
