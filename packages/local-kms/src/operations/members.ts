import { SIGNING_ALGORITHMS } from '../crypto/signing/schemes.ts';

/** Members that many operations share, with the limits of the service model. */

export const KEY_ID = { type: 'string', min: 1, max: 2048 } as const;
export const REQUIRED_KEY_ID = { ...KEY_ID, required: true } as const;
export const GRANT_TOKEN = { type: 'string', min: 1, max: 8192 } as const;
export const GRANT_TOKENS = { type: 'list', of: GRANT_TOKEN, max: 10 } as const;
export const ENCRYPTION_CONTEXT = { type: 'map' } as const;
export const DRY_RUN = { type: 'boolean' } as const;
export const DRY_RUN_MODIFIERS = { type: 'list', of: { type: 'string', values: ['IGNORE_CIPHERTEXT'] } } as const;
export const LIMIT = { type: 'number', min: 1, max: 1000 } as const;
export const ALIAS_NAME = { type: 'string', required: true, min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ } as const;
export const KEY_POLICY = { type: 'string', min: 1, max: 131072, pattern: /^[\t\n\r -\u00FF]+$/ } as const;
export const POLICY_NAME = { type: 'string', min: 1, max: 128, pattern: /^\w+$/ } as const;
export const DESCRIPTION = { type: 'string', min: 0, max: 8192 } as const;
export const REGION = { type: 'string', required: true, min: 1, max: 32, pattern: /^([a-z]+-){2,3}\d+$/ } as const;
export const MARKER = { type: 'string', min: 1, max: 1024, pattern: /^[\u0020-\u00FF]*$/ } as const;
export const CIPHERTEXT = { type: 'blob', min: 1, max: 6144 } as const;
export const ENCRYPTION_ALGORITHM = {
  type: 'string',
  values: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'],
} as const;
export const MESSAGE = { type: 'blob', required: true, min: 1, max: 4096 } as const;
export const MESSAGE_TYPE = { type: 'string', values: ['RAW', 'DIGEST', 'EXTERNAL_MU'] } as const;
/** A signature or a MAC that is to be verified. */
export const PROOF = { type: 'blob', required: true, min: 1, max: 6144 } as const;
export const SIGNING_ALGORITHM = { type: 'string', values: SIGNING_ALGORITHMS, required: true } as const;
export const MAC_ALGORITHM = {
  type: 'string',
  values: ['HMAC_SHA_224', 'HMAC_SHA_256', 'HMAC_SHA_384', 'HMAC_SHA_512'],
  required: true,
} as const;
export const KEM_ALGORITHM = { type: 'string', values: ['ML_KEM'], required: true } as const;
export const DATA_KEY_PAIR_SPEC = {
  type: 'string',
  values: [
    'RSA_2048',
    'RSA_3072',
    'RSA_4096',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'ECC_SECG_P256K1',
    'SM2',
    'ECC_NIST_EDWARDS25519',
    'ML_KEM_512',
    'ML_KEM_768',
    'ML_KEM_1024',
  ],
  required: true,
} as const;
export const DATA_KEY_SPEC = { type: 'string', values: ['AES_256', 'AES_128'] } as const;
export const CUSTOM_KEY_STORE_ID = { type: 'string', min: 1, max: 64 } as const;
export const DATA_KEY_BYTES = { type: 'number', min: 1, max: 1024 } as const;
export const RECIPIENT = {
  type: 'structure',
  sensitive: true,
  members: {
    KeyEncryptionAlgorithm: { type: 'string', values: ['RSAES_OAEP_SHA_256'] },
    AttestationDocument: { type: 'blob', min: 1, max: 262144 },
  },
} as const;
