import { constants, createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { SCHEMES } from '../src/crypto/signing/schemes.ts';
import { ask, b64, bytesIn, keyOf, MESSAGE, openssl, publicKeyOf, refusal, withOpenssl } from './key-pool.ts';

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;
const PKCS1 = { padding: RSA_PKCS1_PADDING };
const PSS = { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST };

/** Spec, algorithm, hash, and how `node:crypto` verifies. */
const SIGNING = [
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256', PKCS1],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 'sha384', PKCS1],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512', PKCS1],
  ['RSA_2048', 'RSASSA_PSS_SHA_256', 'sha256', PSS],
  ['RSA_2048', 'RSASSA_PSS_SHA_384', 'sha384', PSS],
  ['RSA_2048', 'RSASSA_PSS_SHA_512', 'sha512', PSS],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256', {}],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384', {}],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512', {}],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256', {}],
] as const;

describe('signatures', () => {
  test.each(SIGNING)('%s %s: RAW and DIGEST verify outside and inside', async (spec, SigningAlgorithm, hash, how) => {
    const KeyId = await keyOf(spec, 'SIGN_VERIFY');
    const publicKey = createPublicKey({ key: await publicKeyOf(spec, 'SIGN_VERIFY'), format: 'der', type: 'spki' });
    const digest = createHash(hash).update(MESSAGE).digest();
    for (const [MessageType, Message] of [
      ['RAW', b64(MESSAGE)],
      ['DIGEST', b64(digest)],
    ]) {
      const signed = await ask(spec, 'Sign', { KeyId, Message, MessageType, SigningAlgorithm });
      expect(signed).toEqual({ KeyId, Signature: expect.any(String), SigningAlgorithm });
      expect(verify(hash, MESSAGE, { key: publicKey, ...how }, bytesIn(signed, 'Signature'))).toBe(true);
      // The type of the message that is verified need not be that of the one that was signed.
      for (const other of [
        { Message: b64(MESSAGE), MessageType: 'RAW' },
        { Message: b64(digest), MessageType: 'DIGEST' },
      ]) {
        const Signature = signed['Signature'];
        const answer = await ask(spec, 'Verify', { KeyId, ...other, Signature, SigningAlgorithm });
        expect(answer).toEqual({ KeyId, SignatureValid: true, SigningAlgorithm });
      }
    }
  });

  const OTHERS = [
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'RAW', MESSAGE],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 'DIGEST', createHash('sha512').update(MESSAGE).digest()],
    ['SM2', 'SM2DSA', 'RAW', MESSAGE],
    ['SM2', 'SM2DSA', 'DIGEST', createHash('sm3').update(MESSAGE).digest()],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256', 'RAW', MESSAGE],
    ['ML_DSA_65', 'ML_DSA_SHAKE_256', 'RAW', MESSAGE],
    ['ML_DSA_87', 'ML_DSA_SHAKE_256', 'EXTERNAL_MU', Buffer.alloc(64, 7)],
  ] as const;
  const ALL = [
    ...SIGNING.flatMap(([spec, algorithm, hash]) => [
      [spec, algorithm, 'RAW', MESSAGE] as const,
      [spec, algorithm, 'DIGEST', createHash(hash).update(MESSAGE).digest()] as const,
    ]),
    ...OTHERS,
  ];
  test.each(ALL)('%s %s %s: anything else than what was signed is a wrong signature', async (...row) => {
    const [spec, SigningAlgorithm, MessageType, message] = row;
    const KeyId = await keyOf(spec, 'SIGN_VERIFY');
    const rest = { KeyId, MessageType, SigningAlgorithm };
    const signed = await ask(spec, 'Sign', { ...rest, Message: b64(message) });
    const signature = bytesIn(signed, 'Signature');
    const right = await ask(spec, 'Verify', { ...rest, Message: b64(message), Signature: b64(signature) });
    expect(right['SignatureValid']).toBe(true);
    const flipped = (bytes: Uint8Array, at: number) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    };
    const wrongs = [
      [flipped(message, 3), signature],
      [message, flipped(signature, signature.length - 1)],
      [message, signature.subarray(1)],
      [message, flipped(signature, 0)],
      [message, Buffer.concat([signature, Buffer.of(0)])],
      [message, Buffer.of(1)],
    ] as const;
    // All of them where node:crypto verifies; elsewhere each costs too much.
    for (const [other, wrong] of MessageType === 'RAW' && !spec.startsWith('ML') ? wrongs : wrongs.slice(0, 3)) {
      const answer = await refusal(spec, 'Verify', { ...rest, Message: b64(other), Signature: b64(wrong) });
      expect(answer).toEqual({ __type: 'KMSInvalidSignatureException' });
    }
  });

  // One signature in 256 begins with a zero, which a number does not miss.
  test.each(['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const)('%s has all its bytes', (algorithm) => {
    const { privateKey: secret } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = { spec: 'RSA_2048', secret } as const;
    const { RAW, DIGEST } = SCHEMES[algorithm];
    for (let count = 0; ; count++) {
      const message = Buffer.from(`${count}`);
      const digest = createHash('sha256').update(message).digest();
      const signature = DIGEST?.sign(key, digest);
      if (signature?.[0] !== 0) continue;
      for (const [bytes, valid] of [
        [signature, true],
        [signature.subarray(1), false],
      ] as const) {
        expect([DIGEST?.verify(key, digest, bytes), RAW?.verify(key, message, bytes)]).toEqual([valid, valid]);
      }
      return;
    }
  });

  test('Ed25519 and Ed25519ph verify with other libraries', async () => {
    const spec = 'ECC_NIST_EDWARDS25519';
    const KeyId = await keyOf(spec, 'SIGN_VERIFY');
    const der = await publicKeyOf(spec, 'SIGN_VERIFY');
    const pure = await ask(spec, 'Sign', { KeyId, Message: b64(MESSAGE), SigningAlgorithm: 'ED25519_SHA_512' });
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, MESSAGE, key, bytesIn(pure, 'Signature'))).toBe(true);
    const prehashed = await ask(spec, 'Sign', {
      KeyId,
      Message: b64(createHash('sha512').update(MESSAGE).digest()),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ED25519_PH_SHA_512',
    });
    expect(ed25519ph.verify(new Uint8Array(bytesIn(prehashed, 'Signature')), MESSAGE, der.subarray(-32))).toBe(true);
  });

  test.each([
    ['ML_DSA_44', ml_dsa44, 1312],
    ['ML_DSA_65', ml_dsa65, 1952],
    ['ML_DSA_87', ml_dsa87, 2592],
  ] as const)('%s: a message and its external mu have one signature scheme', async (spec, dsa, size) => {
    const KeyId = await keyOf(spec, 'SIGN_VERIFY');
    const SigningAlgorithm = 'ML_DSA_SHAKE_256';
    const publicKey = (await publicKeyOf(spec, 'SIGN_VERIFY')).subarray(-size);
    const tr = shake256(publicKey, { dkLen: 64 });
    const mu = shake256(Buffer.concat([tr, Buffer.of(0, 0), MESSAGE]), { dkLen: 64 });
    const signed = await ask(spec, 'Sign', { KeyId, Message: b64(mu), MessageType: 'EXTERNAL_MU', SigningAlgorithm });
    expect(dsa.verify(new Uint8Array(bytesIn(signed, 'Signature')), MESSAGE, new Uint8Array(publicKey))).toBe(true);
    await ask(spec, 'Verify', { KeyId, Message: b64(MESSAGE), Signature: signed['Signature'], SigningAlgorithm });
  });

  withOpenssl('SM2 signatures verify with OpenSSL under the default identifier', async () => {
    const KeyId = await keyOf('SM2', 'SIGN_VERIFY');
    const signed = await ask('SM2', 'Sign', { KeyId, Message: b64(MESSAGE), SigningAlgorithm: 'SM2DSA' });
    const files = {
      key: await publicKeyOf('SM2', 'SIGN_VERIFY'),
      message: MESSAGE,
      signature: bytesIn(signed, 'Signature'),
    };
    const how = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];
    const args = ['-verify', '-pubin', '-keyform', 'DER', '-inkey', 'key', '-in', 'message', '-sigfile', 'signature'];
    expect(openssl(files, ['pkeyutl', ...args, ...how]).toString()).toMatch(/Verified Successfully/);
  });

  test.each([
    ['RSA_2048', 'RSASSA_PSS_SHA_512', 'DIGEST', 'Digest is invalid length for algorithm RSASSA_PSS_SHA_512.'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'DIGEST', 'Digest is invalid length for algorithm ECDSA_SHA_256.'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'EXTERNAL_MU', undefined],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'DIGEST', undefined],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 'RAW', undefined],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256', 'DIGEST', undefined],
  ])('%s %s does not take this message of type %s', async (spec, SigningAlgorithm, MessageType, message) => {
    const KeyId = await keyOf(spec, 'SIGN_VERIFY');
    const body = { KeyId, Message: b64(MESSAGE), MessageType, SigningAlgorithm };
    const expected = { __type: 'ValidationException', ...(message !== undefined && { message }) };
    expect(await refusal(spec, 'Sign', body)).toEqual(expected);
    expect(await refusal(spec, 'Verify', { ...body, Signature: 'AAAA' })).toEqual(expected);
  });

  test('an algorithm of another key spec is refused, and a key of another usage before that', async () => {
    const body = { Message: b64(MESSAGE), SigningAlgorithm: 'ECDSA_SHA_384' };
    const KeyId = await keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    expect(await refusal('ECC_NIST_P256', 'Sign', { KeyId, ...body })).toEqual({
      __type: 'InvalidKeyUsageException',
      message: 'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
    });
    const rsa = await keyOf('RSA_2048', 'ENCRYPT_DECRYPT');
    expect(await refusal('RSA_2048', 'Sign', { KeyId: rsa, ...body })).toEqual({
      __type: 'InvalidKeyUsageException',
      message: `${rsa} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    });
  });
});
