// The three ways that the benchmarks compare, over the same key, suite (0x0478) and frame length: this package, AWS's
// own Encryption SDK, and node:crypto called by hand. KMS answers at once: what is left is what each of them does.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  KmsKeyringNode,
  NodeCachingMaterialsManager,
} from '@aws-crypto/client-node';
import { type Envelope, envelope } from '@cdk-keysmith/envelope';

export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const CONTEXT = { tenant: 'a', purpose: 'bench' };
export const MAX_AGE_SECONDS = 3_600;

/** As long as one that KMS makes. */
const CIPHERTEXT = randomBytes(184);
const DATA_KEY = randomBytes(32);

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

/** This package, with its data keys cached or not. */
export function ours(cached: boolean, frameLength = 65_536): Envelope {
  return envelope('Bench', {
    direction: 'both',
    wrapKeys: [KEY],
    unwrapKeys: [KEY],
    context: {},
    requiredContext: ['tenant'],
    cache: { maxAgeSeconds: cached ? MAX_AGE_SECONDS : 0, maxMessages: 4_294_967_295, maxBytes: 2 ** 53 - 1 },
    frameLength,
    kms,
  });
}

const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

/** The official client, with its data keys cached or not. */
export function official(cached: boolean, frameLength = 65_536) {
  const keyring = new KmsKeyringNode({ generatorKeyId: KEY, clientProvider: () => kms as never });
  const materials = cached
    ? new NodeCachingMaterialsManager({
        backingMaterials: keyring,
        cache: getLocalCryptographicMaterialsCache(100),
        maxAge: MAX_AGE_SECONDS * 1_000,
      })
    : keyring;
  return {
    encrypt: async (plaintext: Uint8Array) => {
      const options = { suiteId, frameLength, encryptionContext: CONTEXT, plaintextLength: plaintext.length };
      return (await client.encrypt(materials, plaintext, options)).result;
    },
    decrypt: async (message: Uint8Array) => (await client.decrypt(materials, message)).plaintext,
  };
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
const SALT_KEY = createSecretKey(randomBytes(32));

function derived() {
  const prk = createSecretKey(createHmac('sha512', SALT_KEY).update(DATA_KEY).digest());
  const key = createSecretKey(createHmac('sha512', prk).update('..DERIVEKEY\u0001').digest().subarray(0, 32));
  createHmac('sha512', prk).update('COMMITKEY\u0001').digest();
  return key;
}

function sealed(key: ReturnType<typeof derived>, aad: Uint8Array, plaintext?: Uint8Array) {
  const cipher = createCipheriv('aes-256-gcm', key, IV, { authTagLength: 16 }).setAAD(aad);
  const ciphertext = plaintext && cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

function opened(key: ReturnType<typeof derived>, aad: Uint8Array, tag: Uint8Array, ciphertext?: Uint8Array) {
  const decipher = createDecipheriv('aes-256-gcm', key, IV, { authTagLength: 16 }).setAAD(aad).setAuthTag(tag);
  const plaintext = ciphertext && decipher.update(ciphertext);
  decipher.final();
  return plaintext;
}

/**
 * What no writer or reader of suite 0x0478 can do without, and nothing else: message id, three HMACs, header tag and
 * the frames of `length` bytes. Its output is no message.
 */
export function primitives(plaintext: Uint8Array, frameLength = 65_536) {
  const fixed = derived();
  const header = sealed(fixed, HEADER);
  const frames: { ciphertext: Buffer; tag: Buffer }[] = [];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < plaintext.length; at += frameLength) {
    const piece = plaintext.subarray(at, at + frameLength);
    pieces.push(piece);
    const { ciphertext, tag } = sealed(fixed, FRAME_AAD, piece);
    frames.push({ ciphertext: ciphertext ?? Buffer.alloc(0), tag });
  }
  return {
    encrypt: () => {
      randomBytes(32);
      const key = derived();
      sealed(key, HEADER);
      for (const piece of pieces) sealed(key, FRAME_AAD, piece);
    },
    decrypt: () => {
      const key = derived();
      opened(key, HEADER, header.tag);
      for (const { ciphertext, tag } of frames) opened(key, FRAME_AAD, tag, ciphertext);
    },
  };
}
