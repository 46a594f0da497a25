import { fail } from './errors.ts';

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
 * @param length - bytes that the suite needs
 * @throws EnvelopeError `KMS_ANSWER` when the data key has another length
 */
export function holdDataKey(source: Uint8Array, length: number): DataKey {
  if (source.length !== length) {
    source.fill(0);
    fail('KMS_ANSWER', `the data key has ${source.length} bytes instead of ${length}`);
  }
  // Not new Uint8Array(length): V8 keeps short arrays in its moving heap, where a collection leaves copies behind.
  const bytes = new Uint8Array(new ArrayBuffer(length));
  bytes.set(source);
  source.fill(0);
  let wiped = false;
  return {
    use: (work) => {
      if (wiped) fail('DISPOSED', 'the data key has been wiped');
      return work(bytes);
    },
    wipe: () => {
      wiped = true;
      bytes.fill(0);
    },
  };
}
