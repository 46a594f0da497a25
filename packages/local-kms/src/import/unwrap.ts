import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import type { WrappingAlgorithm } from './import-kinds.ts';

/** The initial value of AES key wrap with padding: RFC 5649, section 3. */
const WRAP_PAD_IV = Buffer.from('A65959A6', 'hex');
const AES_256_BYTES = 32;

/** The hash of RSA-OAEP, and whether an AES key stands between it and the material. */
const UNWRAPPING: Readonly<Partial<Record<WrappingAlgorithm, { readonly hash: string; readonly aes: boolean }>>> = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', aes: false },
  RSAES_OAEP_SHA_256: { hash: 'sha256', aes: false },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'sha1', aes: true },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'sha256', aes: true },
};

/** Whether material can be unwrapped by it here. */
export function unwraps(algorithm: WrappingAlgorithm): boolean {
  return UNWRAPPING[algorithm] !== undefined;
}

/** The material in the clear, which the caller wipes; undefined when it cannot be unwrapped, whatever the reason. */
export function unwrap(privateKey: KeyObject, algorithm: WrappingAlgorithm, wrapped: Uint8Array): Buffer | undefined {
  const how = UNWRAPPING[algorithm];
  if (how === undefined) return undefined;
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (!how.aes) return wrapped.length === modulusBytes ? oaep(privateKey, how.hash, wrapped) : undefined;
  // At least the shortest output of the wrap: two blocks of 8 bytes.
  if (wrapped.length < modulusBytes + 16) return undefined;
  const aesKey = oaep(privateKey, how.hash, wrapped.subarray(0, modulusBytes));
  if (aesKey === undefined) return undefined;
  try {
    return aesKey.length === AES_256_BYTES ? unwrapPadded(aesKey, wrapped.subarray(modulusBytes)) : undefined;
  } finally {
    aesKey.fill(0);
  }
}

function oaep(key: KeyObject, oaepHash: string, bytes: Uint8Array): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  } catch {
    return undefined;
  }
}

function unwrapPadded(aesKey: Uint8Array, bytes: Uint8Array): Buffer | undefined {
  let opened: Buffer | undefined;
  try {
    const decipher = createDecipheriv('id-aes256-wrap-pad', aesKey, WRAP_PAD_IV);
    opened = decipher.update(bytes);
    const rest = decipher.final();
    const material = Buffer.concat([opened, rest]);
    rest.fill(0);
    return material;
  } catch {
    return undefined;
  } finally {
    opened?.fill(0);
  }
}
