import {
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
  AlgorithmSuiteIdentifier as Suite,
} from '@aws-crypto/client-node';
import { type Envelope, type EnvelopeOptions, envelope } from '../src/index.ts';
import type { TestKms } from './kms.ts';
import { KEY } from './settings.ts';

/** An envelope for one key, without rules for the context. */
export function box(kms: NonNullable<EnvelopeOptions['kms']>, key = KEY, over: object = {}): Envelope {
  const declared = { direction: 'both', wrapKeys: [key], unwrapKeys: [key], requiredContext: [], kms } as const;
  return envelope(undefined, { ...declared, context: {}, ...over });
}

const official = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
const committing = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
export const CONTEXT = { tenant: 'a' };

/** A message of an older or signed suite, as the official Encryption SDK writes it. */
export async function officialMessage(
  kms: TestKms,
  suiteId: Suite,
  plaintext = 'before',
  frameLength = 16,
): Promise<Uint8Array> {
  const keyring = new KmsKeyringNode({ generatorKeyId: KEY, clientProvider: () => kms as never });
  const client = suiteId >= 0x0400 ? committing : official;
  const { result } = await client.encrypt(keyring, plaintext, { suiteId, frameLength, encryptionContext: CONTEXT });
  return new Uint8Array(result);
}

export const NON_COMMITTING = Suite.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256;
export const SIGNED = Suite.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384;
