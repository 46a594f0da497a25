/** Members that many operations share, with the limits of the service model. */

export const KEY_ID = { type: 'string', min: 1, max: 2048 } as const;
export const REQUIRED_KEY_ID = { ...KEY_ID, required: true } as const;
export const GRANT_TOKEN = { type: 'string', min: 1, max: 8192 } as const;
export const GRANT_TOKENS = { type: 'list', of: GRANT_TOKEN, max: 10 } as const;
export const ENCRYPTION_CONTEXT = { type: 'map' } as const;
export const DRY_RUN = { type: 'boolean' } as const;
export const DRY_RUN_MODIFIERS = { type: 'list', of: { type: 'string', values: ['IGNORE_CIPHERTEXT'] } } as const;
export const LIMIT = { type: 'number', min: 1, max: 1000 } as const;
export const MARKER = { type: 'string', min: 1, max: 1024, pattern: /^[\u0020-\u00FF]*$/ } as const;
export const CIPHERTEXT = { type: 'blob', min: 1, max: 6144 } as const;
export const ENCRYPTION_ALGORITHM = {
  type: 'string',
  values: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'],
} as const;
export const DATA_KEY_SPEC = { type: 'string', values: ['AES_256', 'AES_128'] } as const;
export const DATA_KEY_BYTES = { type: 'number', min: 1, max: 1024 } as const;
export const RECIPIENT = {
  type: 'structure',
  members: {
    KeyEncryptionAlgorithm: { type: 'string', values: ['RSAES_OAEP_SHA_256'] },
    AttestationDocument: { type: 'blob', min: 1, max: 262144 },
  },
} as const;
