import type { CipherGCMTypes } from 'node:crypto';
import { EnvelopeError } from './errors.ts';

/** Bytes of an AES-GCM IV, in every suite. */
export const IV_LENGTH = 12;
/** Bytes of an AES-GCM tag, in every suite. */
export const TAG_LENGTH = 16;

/** One algorithm suite of the message format. All of them encrypt with AES-GCM. */
export interface Suite {
  /** The two bytes that name the suite in a message. */
  readonly id: number;
  /** The specification's name. */
  readonly name: string;
  /** Message format version that the suite is written in. */
  readonly messageVersion: 1 | 2;
  /** Bytes of the data key and of the key derived from it. */
  readonly keyLength: 16 | 24 | 32;
  /** Hash of HKDF; `none` uses the data key itself. */
  readonly kdf: 'none' | 'sha256' | 'sha384' | 'sha512';
  /** Curve of the signature that follows the body; `none` for unsigned suites. */
  readonly signature: 'none' | 'P-256' | 'P-384';
  /** Whether the header commits to one data key. */
  readonly commits: boolean;
  /** What Node calls the cipher. */
  readonly cipher: CipherGCMTypes;
  /** Bytes of a message id. */
  readonly messageIdLength: 16 | 32;
}

type Row = readonly [
  id: number,
  name: string,
  messageVersion: Suite['messageVersion'],
  keyLength: Suite['keyLength'],
  kdf: Suite['kdf'],
  signature: Suite['signature'],
  commits: boolean,
];

/** The published suites: AWS Encryption SDK specification, framework/algorithm-suites.md. */
const ROWS: readonly Row[] = [
  [0x0014, 'AES_128_GCM_IV12_TAG16_NO_KDF', 1, 16, 'none', 'none', false],
  [0x0046, 'AES_192_GCM_IV12_TAG16_NO_KDF', 1, 24, 'none', 'none', false],
  [0x0078, 'AES_256_GCM_IV12_TAG16_NO_KDF', 1, 32, 'none', 'none', false],
  [0x0114, 'AES_128_GCM_IV12_TAG16_HKDF_SHA256', 1, 16, 'sha256', 'none', false],
  [0x0146, 'AES_192_GCM_IV12_TAG16_HKDF_SHA256', 1, 24, 'sha256', 'none', false],
  [0x0178, 'AES_256_GCM_IV12_TAG16_HKDF_SHA256', 1, 32, 'sha256', 'none', false],
  [0x0214, 'AES_128_GCM_IV12_TAG16_HKDF_SHA256_ECDSA_P256', 1, 16, 'sha256', 'P-256', false],
  [0x0346, 'AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384', 1, 24, 'sha384', 'P-384', false],
  [0x0378, 'AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384', 1, 32, 'sha384', 'P-384', false],
  [0x0478, 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY', 2, 32, 'sha512', 'none', true],
  [0x0578, 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384', 2, 32, 'sha512', 'P-384', true],
];

const CIPHERS = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const;

const SUITES: ReadonlyMap<number, Suite> = new Map(
  ROWS.map(([id, name, messageVersion, keyLength, kdf, signature, commits]) => [
    id,
    {
      ...{ id, name, messageVersion, keyLength, kdf, signature, commits },
      cipher: CIPHERS[keyLength],
      messageIdLength: messageVersion === 1 ? 16 : 32,
    },
  ]),
);

/** `0x0478`: how a suite is written in messages for people. */
export function suiteLabel(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`;
}

/**
 * The suite with this id.
 * @throws EnvelopeError `UNSUPPORTED_MESSAGE` when it is not published, or belongs to the other message format version
 */
export function suiteOf(id: number, messageVersion: number): Suite {
  const suite = SUITES.get(id);
  if (suite?.messageVersion === messageVersion) return suite;
  throw new EnvelopeError(
    'UNSUPPORTED_MESSAGE',
    `algorithm suite ${suiteLabel(id)} is not a published suite of message format version ${messageVersion}`,
  );
}

/** What is done with messages whose suite does not commit to one data key. */
export type NonCommitting = 'refuse' | 'read';

/**
 * Lets a suite pass for reading: the specification's commitment policy (client-apis/client.md). A message that commits
 * to no key can be made to open to different plaintexts under different keys.
 * @throws EnvelopeError `UNSUPPORTED_MESSAGE`
 */
export function requireCommitment(suite: Suite, nonCommitting: NonCommitting): void {
  if (suite.commits || nonCommitting === 'read') return;
  throw new EnvelopeError(
    'UNSUPPORTED_MESSAGE',
    `algorithm suite ${suiteLabel(suite.id)} (${suite.name}) does not commit to its key; such messages are read only ` +
      "with the option nonCommitting: 'read'",
  );
}

/** The suite that messages are written with by default: committing and unsigned, the specification's 0x0478. */
export const DEFAULT_SUITE: Suite = suiteOf(0x0478, 2);

/** The other suite that messages are written with: committing and signed, the specification's 0x0578. */
export const SIGNED_SUITE: Suite = suiteOf(0x0578, 2);

/** What a suite that messages are written with is called in options. */
export type WritableSuite = '0x0478' | '0x0578';

/** The suites that messages are written with. The others are read only: nothing new should need them. */
export const WRITABLE_SUITES: ReadonlyMap<string, Suite> = new Map(
  [DEFAULT_SUITE, SIGNED_SUITE].map((suite) => [suiteLabel(suite.id), suite]),
);
