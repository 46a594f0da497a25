import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { DataKey } from '../data-key.ts';
import type { MessageFormat } from '../formats.ts';
import { expanded, extracted, suiteIdText } from '../keys.ts';
import { verifierOn } from '../signature.ts';
import type { Suite } from '../suite.ts';

type Hash = 'sha256' | 'sha384';
type Row = readonly [
  id: number,
  name: string,
  keyLength: Suite['keyLength'],
  kdf?: Hash,
  verifierOf?: Suite['verifierOf'],
];

/** The suites of message format version 1: AWS Encryption SDK specification, framework/algorithm-suites.md. */
const ROWS: readonly Row[] = [
  [0x0014, 'AES_128_GCM_IV12_TAG16_NO_KDF', 16],
  [0x0046, 'AES_192_GCM_IV12_TAG16_NO_KDF', 24],
  [0x0078, 'AES_256_GCM_IV12_TAG16_NO_KDF', 32],
  [0x0114, 'AES_128_GCM_IV12_TAG16_HKDF_SHA256', 16, 'sha256'],
  [0x0146, 'AES_192_GCM_IV12_TAG16_HKDF_SHA256', 24, 'sha256'],
  [0x0178, 'AES_256_GCM_IV12_TAG16_HKDF_SHA256', 32, 'sha256'],
  [0x0214, 'AES_128_GCM_IV12_TAG16_HKDF_SHA256_ECDSA_P256', 16, 'sha256', verifierOn('P-256')],
  [0x0346, 'AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384', 24, 'sha384', verifierOn('P-384')],
  [0x0378, 'AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384', 32, 'sha384', verifierOn('P-384')],
];

const CIPHERS = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const;

function suiteOf([id, name, keyLength, kdf, verifierOf]: Row): Suite {
  return {
    id,
    name,
    messageVersion: 1,
    keyLength,
    cipher: CIPHERS[keyLength],
    messageIdLength: 16,
    commits: false,
    once: kdf === undefined,
    openingKey: (dataKey, messageId) =>
      kdf === undefined
        ? dataKey.use((bytes) => createSecretKey(bytes))
        : derivedKey(id, kdf, keyLength, dataKey, messageId),
    ...(verifierOf === undefined ? {} : { verifierOf }),
  };
}

/** HKDF without salt, which is as many zeros as the hash is long, and with suite and message id as info. */
function derivedKey(id: number, kdf: Hash, keyLength: number, dataKey: DataKey, messageId: Uint8Array): KeyObject {
  const noSalt = createSecretKey(new Uint8Array(createHash(kdf).digest().length));
  const prk = extracted(dataKey.use((bytes) => createHmac(kdf, noSalt).update(bytes).digest()));
  const info = `${suiteIdText(id)}${Buffer.from(messageId).toString('latin1')}\u0001`;
  return expanded(kdf, prk, info, keyLength);
}

/**
 * Messages of the nine older suites, as an AWS Encryption SDK before 2.0 wrote them: message format version 1, which
 * does not commit to one data key. Someone with two of the data keys can make such a message that opens to two different
 * plaintexts. For reading what is there already, until it is re-encrypted.
 *
 * Give it among `reads`.
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#key-commitment
 */
export const nonCommittingMessages: MessageFormat = { name: 'nonCommittingMessages', suites: ROWS.map(suiteOf) };
