import { randomBytes } from '../crypto/random.ts';
import { faults } from '../wire/texts.ts';

const BYTES_OF_SPEC = { AES_128: 16, AES_256: 32 } as const;

interface DataKeySize {
  readonly KeySpec?: keyof typeof BYTES_OF_SPEC;
  readonly NumberOfBytes?: number;
}

/** @throws Fault ValidationException unless exactly one of the two members says how long the data key is */
export function requireOneSize({ KeySpec, NumberOfBytes }: DataKeySize): void {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw faults.validation('Please specify either number of bytes or key spec.');
  }
}

/** Random bytes of the length asked for. */
export function newDataKey({ KeySpec, NumberOfBytes }: DataKeySize): Uint8Array {
  return new Uint8Array(randomBytes(KeySpec === undefined ? (NumberOfBytes ?? 0) : BYTES_OF_SPEC[KeySpec]));
}
