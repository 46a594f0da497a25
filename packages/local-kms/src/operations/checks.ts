import { isSpecOf, type KeySpec } from '../state/key-specs.ts';
import { faults } from '../wire/texts.ts';

/** An answer to an enclave would have to verify an attestation document of AWS, which nobody has here. */
export function requireNoRecipient(recipient: unknown): void {
  if (recipient !== undefined) throw faults.unsupported('the local KMS cannot verify attestation documents');
}

/** @throws Fault UnsupportedOperationException for SM2 outside of the China Regions and ML-KEM inside of them */
export function requireSpecOf(spec: KeySpec, region: string): void {
  if (!isSpecOf(spec, region)) throw faults.unsupported(`there are no keys of spec ${spec} in ${region}`);
}

interface CiphertextInput {
  readonly CiphertextBlob?: Uint8Array;
  readonly DryRun?: boolean;
  readonly DryRunModifiers?: readonly string[];
}

/** The ciphertext may only be left out in a dry run that says so and names the key. */
export function requireCiphertext(input: CiphertextInput, keyId: string | undefined): void {
  const ignored = input.DryRun === true && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT');
  if (input.CiphertextBlob !== undefined || (ignored && keyId !== undefined)) return;
  throw faults.validation(
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
  );
}
