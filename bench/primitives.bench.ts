// What the shape of the envelope rests on: node:crypto's synchronous calls against the other ways to the same bytes.

import { createCipheriv, createHmac, hkdfSync, randomBytes, webcrypto } from 'node:crypto';
import { bench } from './harness.ts';

const KEY = randomBytes(32);
const IV = randomBytes(12);
const CONTEXT = randomBytes(64);
const PLAINTEXT = randomBytes(1024);
const TAG_BYTES = 16;

const webKey = await webcrypto.subtle.importKey('raw', KEY, 'AES-GCM', false, ['encrypt']);

/** A fixed nonce only because nothing that is sealed here is ever kept. */
function sealWithCipher(): Buffer {
  const cipher = createCipheriv('aes-256-gcm', KEY, IV);
  cipher.setAAD(CONTEXT);
  return Buffer.concat([cipher.update(PLAINTEXT), cipher.final(), cipher.getAuthTag()]);
}

async function sealWithWebCrypto(): Promise<Buffer> {
  const algorithm = { name: 'AES-GCM', iv: IV, additionalData: CONTEXT, tagLength: TAG_BYTES * 8 };
  return Buffer.from(await webcrypto.subtle.encrypt(algorithm, webKey, PLAINTEXT));
}

const SALT = randomBytes(32);
const INFO = randomBytes(34);

/** RFC 5869 by hand. Output of up to one hash needs extract and one round of expand. */
function extract(): Buffer {
  return createHmac('sha512', SALT).update(KEY).digest();
}

function expand(key: Buffer, info: Uint8Array): Buffer {
  return createHmac('sha512', key).update(info).update(Uint8Array.of(1)).digest();
}

const COMMIT = Buffer.from('COMMITKEY');

/** Data key and commitment of suite 0x0478 share the extraction. */
function deriveWithHmac(): [Buffer, Buffer] {
  const key = extract();
  return [expand(key, INFO).subarray(0, 32), expand(key, COMMIT).subarray(0, 32)];
}

function deriveWithHkdf(): [Buffer, Buffer] {
  return [Buffer.from(hkdfSync('sha512', KEY, SALT, INFO, 32)), Buffer.from(hkdfSync('sha512', KEY, SALT, COMMIT, 32))];
}

// Ways that differ in what they compute cannot be compared.
if (!sealWithCipher().equals(await sealWithWebCrypto())) {
  throw new Error('createCipheriv and WebCrypto seal differently');
}
if (!Buffer.concat(deriveWithHmac()).equals(Buffer.concat(deriveWithHkdf()))) {
  throw new Error('createHmac and hkdfSync derive differently');
}

await bench('AES-256-GCM, 1 KiB', {
  baseline: 'createCipheriv',
  cases: { createCipheriv: sealWithCipher, 'WebCrypto encrypt': sealWithWebCrypto },
});

await bench('HKDF-SHA-512, data key and commitment', {
  baseline: '3 x createHmac',
  cases: { '3 x createHmac': deriveWithHmac, '2 x hkdfSync': deriveWithHkdf },
});
