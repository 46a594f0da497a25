import { generateSecret } from '../crypto/generate.ts';
import { privateKeyDer, publicKeyDer } from '../crypto/public-key.ts';
import type { Key } from '../state/key.ts';
import { encryptUnder } from './encryption.ts';
import { DATA_KEY_PAIR_SPEC, ENCRYPTION_CONTEXT, REQUIRED_KEY_ID } from './members.ts';
import type { InputOf } from './schema.ts';

const INPUT = {
  KeyId: REQUIRED_KEY_ID,
  KeyPairSpec: DATA_KEY_PAIR_SPEC,
  EncryptionContext: ENCRYPTION_CONTEXT,
} as const;

/** A new pair, and the answer about it without its private key, which the caller hands out or wipes. */
export function newDataKeyPair(key: Key, { KeyPairSpec, EncryptionContext }: InputOf<typeof INPUT>) {
  const secret = generateSecret(KeyPairSpec);
  const privateKey = privateKeyDer(KeyPairSpec, secret);
  const { blob, material } = encryptUnder(key, EncryptionContext, privateKey);
  const answer = {
    KeyId: key.arn,
    KeyMaterialId: material.id,
    KeyPairSpec,
    PrivateKeyCiphertextBlob: blob,
    PublicKey: publicKeyDer(KeyPairSpec, secret),
  };
  return { privateKey, answer };
}
