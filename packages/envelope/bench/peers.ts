// The three ways that the benchmarks compare, over the same key, suite and frame length: this package, AWS's
// own Encryption SDK, and node:crypto called by hand. KMS answers at once: what is left is what each of them does.

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  KmsKeyringNode,
  NodeCachingMaterialsManager,
} from '@aws-crypto/client-node';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { type Envelope, envelope, signedMessages } from '@cdk-keysmith/envelope';

export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const CONTEXT = { tenant: 'a', purpose: 'bench' };
export const MAX_AGE_SECONDS = 3_600;

/** As long as one that KMS makes. */
const CIPHERTEXT = randomBytes(184);
// The same in every process: one may read what another wrote.
const DATA_KEY = Buffer.alloc(32, 7);

/** Calls that were made, by operation. */
export const kmsCalls = new Map<string, number>();

function answer(operation: string): { KeyId: string; Plaintext: Uint8Array; CiphertextBlob: Uint8Array } {
  kmsCalls.set(operation, (kmsCalls.get(operation) ?? 0) + 1);
  return { KeyId: KEY, Plaintext: new Uint8Array(DATA_KEY), CiphertextBlob: new Uint8Array(CIPHERTEXT) };
}

/** A KMS that answers at once, for both clients. */
export const kms = {
  send: async (command: { constructor: { name: string } }) => answer(command.constructor.name.replace('Command', '')),
  generateDataKey: async () => answer('GenerateDataKey'),
  decrypt: async () => answer('Decrypt'),
};

/** What the rows of a benchmark differ in. */
export interface Row {
  /** Default: cached. */
  readonly cached?: boolean;
  /** Default: unsigned, suite 0x0478; otherwise suite 0x0578. */
  readonly signed?: boolean;
  /** Default: 65,536 bytes. */
  readonly frameLength?: number;
}

/** This package. */
export function ours({ cached = true, signed = false, frameLength = 65_536 }: Row = {}): Envelope {
  return envelope('Bench', {
    direction: 'both',
    wrapKeys: [KEY],
    unwrapKeys: [KEY],
    context: {},
    requiredContext: ['tenant'],
    cache: { maxAgeSeconds: cached ? MAX_AGE_SECONDS : 0, maxMessages: 4_294_967_295, maxBytes: 2 ** 53 - 1 },
    frameLength,
    kms,
    ...(signed ? { writes: signedMessages } : {}),
  });
}

const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

/** The official client. */
export function official({ cached = true, signed = false, frameLength = 65_536 }: Row = {}) {
  const materials = officialMaterials(cached);
  const suiteId = signed
    ? AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
    : AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  const optionsFor = (plaintextLength: number) => ({
    suiteId,
    frameLength,
    encryptionContext: CONTEXT,
    plaintextLength,
  });
  return {
    encrypt: async (plaintext: Uint8Array) =>
      (await client.encrypt(materials, plaintext, optionsFor(plaintext.length))).result,
    decrypt: async (message: Uint8Array) => (await client.decrypt(materials, message)).plaintext,
    encryptStream: (plaintextLength: number) => client.encryptStream(materials, optionsFor(plaintextLength)),
    decryptStream: () => client.decryptUnsignedMessageStream(materials),
  };
}

function officialMaterials(cached: boolean) {
  const keyring = new KmsKeyringNode({ generatorKeyId: KEY, clientProvider: () => kms as never });
  if (!cached) return keyring;
  const cache = getLocalCryptographicMaterialsCache(100);
  return new NodeCachingMaterialsManager({ backingMaterials: keyring, cache, maxAge: MAX_AGE_SECONDS * 1_000 });
}

const IV = randomBytes(12);
const DATA_KEY_OBJECT = createSecretKey(DATA_KEY);

/** AES-256-GCM by hand, as it is written without a format: random IV, data key used as it is. */
export const byHand = {
  encrypt: (plaintext: Uint8Array) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', DATA_KEY_OBJECT, iv);
    return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  },
  decrypt: (sealed: Buffer) => {
    const decipher = createDecipheriv('aes-256-gcm', DATA_KEY_OBJECT, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  },
};

const HEADER = randomBytes(400);
const FRAME_AAD = randomBytes(78);
const GCM = { authTagLength: 16 } as const;

function derived(messageId: Uint8Array) {
  const prk = createSecretKey(createHmac('sha512', createSecretKey(messageId)).update(DATA_KEY).digest());
  const key = createSecretKey(createHmac('sha512', prk).update('..DERIVEKEY\u0001').digest().subarray(0, 32));
  createHmac('sha512', prk).update('COMMITKEY\u0001').digest();
  return key;
}

function sealed(key: KeyObject, aad: Uint8Array, plaintext?: Uint8Array) {
  const cipher = createCipheriv('aes-256-gcm', key, IV, GCM).setAAD(aad);
  const ciphertext = plaintext && cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

function opened(key: KeyObject, aad: Uint8Array, tag: Uint8Array, ciphertext?: Uint8Array) {
  const decipher = createDecipheriv('aes-256-gcm', key, IV, GCM).setAAD(aad).setAuthTag(tag);
  const plaintext = ciphertext && decipher.update(ciphertext);
  decipher.final();
  return plaintext;
}

/**
 * What no writer or reader of these messages can do without, and nothing else: message id, three HMACs, header tag, the
 * frames, and for signed messages the signature; with a data key that is not cached also the call of KMS, and the key
 * pair of a signature or the import of its public half. Its output is no message.
 */
export function primitives(plaintext: Uint8Array, { cached = true, signed = false, frameLength = 65_536 }: Row = {}) {
  const id = randomBytes(32);
  const fixed = derived(id);
  const header = sealed(fixed, HEADER);
  const pieces = Array.from({ length: Math.max(1, Math.ceil(plaintext.length / frameLength)) }, (_, index) =>
    plaintext.subarray(index * frameLength, (index + 1) * frameLength),
  );
  const frames = pieces.map((piece) => sealed(fixed, FRAME_AAD, piece));
  const message = Buffer.concat([HEADER, plaintext]);
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const signature = sign('sha384', message, pair.privateKey);

  const encrypt = (privateKey: KeyObject): void => {
    const key = derived(randomBytes(32));
    sealed(key, HEADER);
    for (const piece of pieces) sealed(key, FRAME_AAD, piece);
    if (signed) sign('sha384', message, privateKey);
  };
  const decrypt = (publicKey: KeyObject): void => {
    const key = derived(id);
    opened(key, HEADER, header.tag);
    for (const { ciphertext, tag } of frames) opened(key, FRAME_AAD, tag, ciphertext);
    if (signed) verify('sha384', message, publicKey, signature);
  };
  if (cached) return { encrypt: () => encrypt(pair.privateKey), decrypt: () => decrypt(pair.publicKey) };
  return {
    encrypt: async () => {
      const { privateKey } = signed ? generateKeyPairSync('ec', { namedCurve: 'P-384' }) : pair;
      await kms.send(new GenerateDataKeyCommand({ KeyId: KEY, NumberOfBytes: 32, EncryptionContext: CONTEXT }));
      encrypt(privateKey);
    },
    decrypt: async () => {
      const publicKey = signed ? createPublicKey({ key: spki, format: 'der', type: 'spki' }) : pair.publicKey;
      await kms.send(new DecryptCommand({ KeyId: KEY, CiphertextBlob: CIPHERTEXT, EncryptionContext: CONTEXT }));
      decrypt(publicKey);
    },
  };
}
