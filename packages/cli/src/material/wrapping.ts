import { constants, createCipheriv, type KeyObject, publicEncrypt, randomFillSync } from 'node:crypto';

/**
 * The wrapping algorithms of KMS that take an RSA key, but for RSAES_PKCS1_V1_5, which KMS takes no more.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html
 */
export const WRAPPING = {
  RSAES_OAEP_SHA_256: { hash: 'sha256', hashBytes: 32, aes: false },
  RSAES_OAEP_SHA_1: { hash: 'sha1', hashBytes: 20, aes: false },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'sha256', hashBytes: 32, aes: true },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'sha1', hashBytes: 20, aes: true },
} as const;
export type WrappingAlgorithm = keyof typeof WRAPPING;

export const WRAPPING_ALGORITHMS = Object.keys(WRAPPING) as WrappingAlgorithm[];

/** The initial value of AES key wrap with padding: RFC 5649, section 3. */
const WRAP_PAD_IV = Buffer.from('A65959A6', 'hex');

/** Material wrapped for KMS. It is not wiped: whoever has it does that. */
export function wrap(publicKey: KeyObject, algorithm: WrappingAlgorithm, material: Uint8Array): Buffer {
  const { hash: oaepHash, aes } = WRAPPING[algorithm];
  const oaep = (bytes: Uint8Array) =>
    publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  if (!aes) return oaep(material);
  const aesKey = randomFillSync(Buffer.alloc(32));
  try {
    const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, WRAP_PAD_IV);
    return Buffer.concat([oaep(aesKey), cipher.update(material), cipher.final()]);
  } finally {
    aesKey.fill(0);
  }
}
