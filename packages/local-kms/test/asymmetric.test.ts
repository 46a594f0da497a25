import { constants, createECDH, createHmac, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import {
  ask,
  b64,
  bytesIn,
  create,
  inChina,
  keyOf,
  kms,
  MESSAGE,
  openssl,
  publicKeyOf,
  refusal,
  whereIs,
  withOpenssl,
} from './key-pool.ts';
import { raw } from './support.ts';

describe('encryption with a public key', () => {
  test.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
    ['SM2', 'SM2PKE', 1024],
  ])('%s %s: to its limit and not further', async (spec, EncryptionAlgorithm, limit) => {
    const KeyId = await keyOf(spec, 'ENCRYPT_DECRYPT');
    for (const size of [1, limit]) {
      const Plaintext = b64(Buffer.alloc(size, 0x5a));
      const encrypted = await ask(spec, 'Encrypt', { KeyId, Plaintext, EncryptionAlgorithm });
      const { CiphertextBlob } = encrypted;
      expect(encrypted).toEqual({ CiphertextBlob, EncryptionAlgorithm, KeyId });
      const decrypted = await ask(spec, 'Decrypt', { KeyId, CiphertextBlob, EncryptionAlgorithm });
      expect(decrypted).toEqual({ EncryptionAlgorithm, KeyId, Plaintext });
      const blob = bytesIn(encrypted, 'CiphertextBlob');
      for (const at of [2, Math.floor(blob.length / 2), blob.length - 1]) {
        const wrong = Buffer.from(blob);
        wrong[at] = (wrong[at] ?? 0) ^ 1;
        expect(await refusal(spec, 'Decrypt', { KeyId, CiphertextBlob: b64(wrong), EncryptionAlgorithm })).toEqual({
          __type: 'InvalidCiphertextException',
        });
      }
    }
    const Plaintext = b64(Buffer.alloc(limit + 1));
    expect(await refusal(spec, 'Encrypt', { KeyId, Plaintext, EncryptionAlgorithm })).toEqual({
      __type: 'ValidationException',
      message: `Algorithm ${EncryptionAlgorithm} and key spec ${spec} cannot encrypt data larger than ${limit} bytes.`,
    });
  });

  test('what is encrypted offline with the public key decrypts', async () => {
    const spec = 'RSA_2048';
    const key = createPublicKey({
      key: await publicKeyOf(spec, 'ENCRYPT_DECRYPT'),
      format: 'der',
      type: 'spki',
    });
    const sealed = publicEncrypt({ key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }, MESSAGE);
    const decrypted = await ask(spec, 'Decrypt', {
      KeyId: await keyOf(spec, 'ENCRYPT_DECRYPT'),
      CiphertextBlob: b64(sealed),
      EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    });
    expect(decrypted['Plaintext']).toBe(b64(MESSAGE));
  });

  withOpenssl('SM2 ciphertexts of OpenSSL decrypt', async () => {
    const files = { key: await publicKeyOf('SM2', 'ENCRYPT_DECRYPT'), message: MESSAGE };
    const sealed = openssl(files, [
      ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', 'key', '-in', 'message'],
    ]);
    const decrypted = await ask('SM2', 'Decrypt', {
      KeyId: await keyOf('SM2', 'ENCRYPT_DECRYPT'),
      CiphertextBlob: b64(sealed),
      EncryptionAlgorithm: 'SM2PKE',
    });
    expect(decrypted['Plaintext']).toBe(b64(MESSAGE));
  });

  test('ReEncrypt moves between a symmetric and an RSA key', async () => {
    const rsa = await keyOf('RSA_2048', 'ENCRYPT_DECRYPT');
    const symmetric = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const spec = 'RSA_2048';
    const first = await ask(spec, 'Encrypt', { KeyId: symmetric, Plaintext: 'AAAA', EncryptionContext: { a: 'b' } });
    const under = await ask(spec, 'ReEncrypt', {
      CiphertextBlob: first['CiphertextBlob'],
      SourceEncryptionContext: { a: 'b' },
      DestinationKeyId: rsa,
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    });
    expect(under).toEqual({
      CiphertextBlob: expect.any(String),
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      KeyId: rsa,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      SourceKeyId: symmetric,
      SourceKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const back = await ask(spec, 'ReEncrypt', {
      CiphertextBlob: under['CiphertextBlob'],
      SourceKeyId: rsa,
      SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      DestinationKeyId: symmetric,
    });
    expect(back['SourceKeyMaterialId']).toBeUndefined();
    expect((await ask(spec, 'Decrypt', { CiphertextBlob: back['CiphertextBlob'] }))['Plaintext']).toBe('AAAA');
  });

  test('has no encryption context, and a data key is not generated under it', async () => {
    const KeyId = await keyOf('RSA_2048', 'ENCRYPT_DECRYPT');
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const body = { KeyId, Plaintext: 'AAAA', EncryptionAlgorithm, EncryptionContext: { a: 'b' } };
    expect((await refusal('RSA_2048', 'Encrypt', body))['__type']).toBe('ValidationException');
    const dataKey = await refusal('RSA_2048', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
    expect(dataKey['__type']).toBe('InvalidKeyUsageException');
  });
});

describe('MACs', () => {
  test.each([
    ['HMAC_224', 'HMAC_SHA_224', 28],
    ['HMAC_256', 'HMAC_SHA_256', 32],
    ['HMAC_384', 'HMAC_SHA_384', 48],
    ['HMAC_512', 'HMAC_SHA_512', 64],
  ])('%s: the MAC verifies, and no other', async (spec, MacAlgorithm, size) => {
    const KeyId = await keyOf(spec, 'GENERATE_VERIFY_MAC');
    const Message = b64(MESSAGE);
    const answer = await ask(spec, 'GenerateMac', { KeyId, Message, MacAlgorithm });
    const mac = bytesIn(answer, 'Mac');
    expect(mac).toHaveLength(size);
    expect(mac).not.toEqual(
      createHmac(`sha${size * 8}`, Buffer.alloc(size))
        .update(MESSAGE)
        .digest(),
    );
    const valid = await ask(spec, 'VerifyMac', { KeyId, Message, MacAlgorithm, Mac: b64(mac) });
    expect(valid).toEqual({ KeyId, MacAlgorithm, MacValid: true });
    for (const [other, Mac] of [
      [Message, b64(mac.map((byte, i) => (i === 5 ? byte ^ 1 : byte)))],
      [Message, b64(mac.subarray(1))],
      ['AAAA', b64(mac)],
    ]) {
      const wrong = await refusal(spec, 'VerifyMac', { KeyId, Message: other, MacAlgorithm, Mac });
      expect(wrong).toEqual({ __type: 'KMSInvalidMacException' });
    }
  });
});

describe('key agreement and encapsulation', () => {
  test.each(['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'SM2'])('%s: both sides agree', async (spec) => {
    const one = await keyOf(spec, 'KEY_AGREEMENT');
    const other = await create(whereIs(spec), spec, 'KEY_AGREEMENT');
    const publicOf = async (KeyId: string) => (await ask(spec, 'GetPublicKey', { KeyId }))['PublicKey'];
    const derive = async (KeyId: string, PublicKey: unknown) =>
      ask(spec, 'DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey });
    const [a, b] = [await derive(one, await publicOf(other)), await derive(other, await publicOf(one))];
    const SharedSecret = b['SharedSecret'];
    expect(a).toEqual({ KeyAgreementAlgorithm: 'ECDH', KeyId: one, KeyOrigin: 'AWS_KMS', SharedSecret });
    // P-521 has coordinates of 66 bytes.
    expect(bytesIn(b, 'SharedSecret')).toHaveLength({ ECC_NIST_P384: 48, ECC_NIST_P521: 66 }[spec] ?? 32);
  });

  test.each([
    ['ECC_NIST_P256', 'prime256v1'],
    ['ECC_NIST_P384', 'secp384r1'],
    ['ECC_NIST_P521', 'secp521r1'],
    ['SM2', 'SM2'],
  ])('%s: it is the secret that another party computes', async (spec, curve) => {
    const peer = createECDH(curve);
    const point = peer.generateKeys();
    const KeyId = await keyOf(spec, 'KEY_AGREEMENT');
    const own = bytesIn(await ask(spec, 'GetPublicKey', { KeyId }), 'PublicKey');
    // Up to the point, SubjectPublicKeyInfo says the curve.
    const PublicKey = b64(Buffer.concat([own.subarray(0, -point.length), point]));
    const derived = await ask(spec, 'DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey });
    expect(bytesIn(derived, 'SharedSecret')).toHaveLength(Math.floor(point.length / 2));
    // Node.js 24 computes nothing on SM2.
    if (spec === 'SM2' && Number.parseInt(process.versions.node, 10) >= 24) return;
    expect(bytesIn(derived, 'SharedSecret')).toEqual(peer.computeSecret(own.subarray(-point.length)));
  });

  test('a public key that cannot be read, of another curve or kind, is refused', async () => {
    const KeyId = await keyOf('ECC_NIST_P256', 'KEY_AGREEMENT');
    for (const PublicKey of [
      b64(Buffer.from('no public key at')),
      b64(await publicKeyOf('ECC_NIST_P384', 'KEY_AGREEMENT')),
      b64(await publicKeyOf('RSA_2048', 'SIGN_VERIFY')),
      // The point at infinity of the curve.
      b64(Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex')),
      // With a byte behind it.
      b64(Buffer.concat([await publicKeyOf('ECC_NIST_P256', 'KEY_AGREEMENT'), Buffer.of(0)])),
    ]) {
      const body = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey };
      expect(await refusal('ECC_NIST_P256', 'DeriveSharedSecret', body)).toEqual({ __type: 'ValidationException' });
    }
  });

  test.each([
    ['ML_KEM_512', ml_kem512, 800, 768],
    ['ML_KEM_768', ml_kem768, 1184, 1088],
    ['ML_KEM_1024', ml_kem1024, 1568, 1568],
  ] as const)('%s: encapsulated inside or outside, decapsulated to the same secret', async (spec, kem, key, blob) => {
    const KeyId = await keyOf(spec, 'ENCAPSULATE_DECAPSULATE');
    const EncapsulationAlgorithm = 'ML_KEM';
    const decapsulate = (SharedSecretCiphertextBlob: string) =>
      raw(kms, 'Decapsulate', { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob });
    const inside = await ask(spec, 'Encapsulate', { KeyId, EncapsulationAlgorithm });
    expect(bytesIn(inside, 'SharedSecretCiphertextBlob')).toHaveLength(blob);
    const opened = (await decapsulate(String(inside['SharedSecretCiphertextBlob']))).body;
    expect(opened).toEqual({ EncapsulationAlgorithm, KeyId, SharedSecret: inside['SharedSecret'] });
    const outside = kem.encapsulate(
      new Uint8Array((await publicKeyOf(spec, 'ENCAPSULATE_DECAPSULATE')).subarray(-key)),
    );
    expect((await decapsulate(b64(outside.cipherText))).body['SharedSecret']).toBe(b64(outside.sharedSecret));
    // Implicit rejection: a wrong blob of the right length gives another secret, one of another length an error.
    const wrong = bytesIn((await decapsulate(b64(Buffer.alloc(blob, 1)))).body, 'SharedSecret');
    expect(wrong).toHaveLength(32);
    expect((await decapsulate(b64(Buffer.alloc(blob - 1)))).body).toEqual({ __type: 'InvalidCiphertextException' });
  });
});

describe('public keys', () => {
  test.each([
    ['RSA_2048', 'SIGN_VERIFY', 'SigningAlgorithms', 6],
    ['RSA_2048', 'ENCRYPT_DECRYPT', 'EncryptionAlgorithms', 2],
    ['ECC_NIST_P256', 'KEY_AGREEMENT', 'KeyAgreementAlgorithms', 1],
    ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE', 'EncapsulationAlgorithms', 1],
  ])('of %s for %s come with their algorithms', async (KeySpec, KeyUsage, member, count) => {
    const KeyId = await keyOf(KeySpec, KeyUsage);
    const answer = await ask(KeySpec, 'GetPublicKey', { KeyId });
    const { CustomerMasterKeySpec, PublicKey } = answer;
    const algorithms = answer[member];
    expect(answer).toEqual({ CustomerMasterKeySpec, [member]: algorithms, KeyId, KeySpec, KeyUsage, PublicKey });
    expect(algorithms).toHaveLength(count);
  });

  test.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
  ])('a key of spec %s has none', async (spec, usage) => {
    const answer = await refusal(spec, 'GetPublicKey', { KeyId: await keyOf(spec, usage) });
    expect(answer).toEqual({ __type: 'UnsupportedOperationException' });
  });

  withOpenssl.each(['RSA_2048', 'ECC_NIST_P521', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519', 'SM2'])(
    'of %s are read by OpenSSL',
    async (spec) => {
      const key = await publicKeyOf(spec, 'SIGN_VERIFY');
      expect(openssl({ key }, ['pkey', '-pubin', '-inform', 'DER', '-in', 'key', '-outform', 'DER'])).toEqual(key);
    },
  );

  test.each([
    ['ML_DSA_65', 'SIGN_VERIFY', '308207b2300b0609608648016503040312038207a100'],
    ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE', '308204b2300b0609608648016503040402038204a100'],
  ])('of %s begin as in the RFC', async (spec, usage, head) => {
    expect((await publicKeyOf(spec, usage)).toString('hex').slice(0, head.length)).toBe(head);
  });
});

describe('data key pairs', () => {
  test.each([
    ['RSA_2048', 'rsa'],
    ['ECC_NIST_P256', 'ec'],
    ['ECC_NIST_P384', 'ec'],
    ['ECC_NIST_P521', 'ec'],
    ['ECC_SECG_P256K1', 'ec'],
    ['ECC_NIST_EDWARDS25519', 'ed25519'],
    ['SM2', undefined],
  ])('%s: PKCS #8 and SubjectPublicKeyInfo of one pair', async (KeyPairSpec, type) => {
    const KeyId = await create(whereIs(KeyPairSpec), 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const EncryptionContext = { a: 'b' };
    const pair = await ask(KeyPairSpec, 'GenerateDataKeyPair', { KeyId, KeyPairSpec, EncryptionContext });
    const CiphertextBlob = pair['PrivateKeyCiphertextBlob'];
    const { KeyMaterialId, PrivateKeyPlaintext, PublicKey } = pair;
    expect(pair).toEqual({
      KeyId,
      KeyMaterialId,
      KeyPairSpec,
      PrivateKeyCiphertextBlob: CiphertextBlob,
      PrivateKeyPlaintext,
      PublicKey,
    });
    const key = createPrivateKey({ key: bytesIn(pair, 'PrivateKeyPlaintext'), format: 'der', type: 'pkcs8' });
    // Node makes keys on SM2, and has no name for one that was read.
    expect(key.asymmetricKeyType).toBe(type);
    expect(b64(createPublicKey(key).export({ format: 'der', type: 'spki' }))).toBe(PublicKey);
    const decrypted = await ask(KeyPairSpec, 'Decrypt', { CiphertextBlob, EncryptionContext });
    expect(decrypted['Plaintext']).toBe(PrivateKeyPlaintext);
    const without = await refusal(KeyPairSpec, 'Decrypt', { CiphertextBlob });
    expect(without).toEqual({ __type: 'InvalidCiphertextException' });
  });

  test('ML_KEM_512: the private key holds the seed alone, and the answer without plaintext has none', async () => {
    const KeyId = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const spec = { KeyId, KeyPairSpec: 'ML_KEM_512' };
    const pair = await ask('ML_KEM_512', 'GenerateDataKeyPairWithoutPlaintext', spec);
    expect(Object.keys(pair).sort()).toEqual([
      'KeyId',
      'KeyMaterialId',
      'KeyPairSpec',
      'PrivateKeyCiphertextBlob',
      'PublicKey',
    ]);
    const opened = await ask('ML_KEM_512', 'Decrypt', { CiphertextBlob: pair['PrivateKeyCiphertextBlob'] });
    const der = bytesIn(opened, 'Plaintext');
    expect(der.subarray(0, -64).toString('hex')).toBe('3054020100300b060960864801650304040104428040');
    const { publicKey } = ml_kem512.keygen(new Uint8Array(der.subarray(-64)));
    expect(bytesIn(pair, 'PublicKey').subarray(-800)).toEqual(Buffer.from(publicKey));
  });

  test('SM2 is of the China Regions, and ML-KEM of the others', async () => {
    const KeyId = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const unsupported = { __type: 'UnsupportedOperationException' };
    const KeyUsage = 'ENCAPSULATE_DECAPSULATE';
    expect((await raw(kms, 'CreateKey', { KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' })).body).toEqual(unsupported);
    expect((await raw(inChina, 'CreateKey', { KeySpec: 'ML_KEM_512', KeyUsage })).body).toEqual(unsupported);
    expect((await raw(kms, 'GenerateDataKeyPair', { KeyId, KeyPairSpec: 'SM2' })).body).toEqual(unsupported);
  });
});

describe('dry runs', () => {
  const dry = { DryRun: true };
  const Message = b64(MESSAGE);
  test.each([
    ['Sign', 'ECC_NIST_P256', 'SIGN_VERIFY', { Message, SigningAlgorithm: 'ECDSA_SHA_256' }],
    ['GenerateMac', 'HMAC_256', 'GENERATE_VERIFY_MAC', { Message, MacAlgorithm: 'HMAC_SHA_256' }],
    ['Encapsulate', 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', { EncapsulationAlgorithm: 'ML_KEM' }],
    ['GenerateDataKeyPair', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', { KeyPairSpec: 'RSA_4096' }],
    ['GenerateDataKeyPairWithoutPlaintext', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', { KeyPairSpec: 'RSA_4096' }],
  ])('%s says that it would have succeeded', async (operation, spec, usage, body) => {
    const answer = await refusal(spec, operation, { KeyId: await keyOf(spec, usage), ...body, ...dry });
    expect(answer['__type']).toBe('DryRunOperationException');
  });

  test('a wrong signature and a wrong MAC fail in a dry run as without', async () => {
    const KeyId = await keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const signature = { Message, Signature: 'AAAA', SigningAlgorithm: 'ECDSA_SHA_256', ...dry };
    const wrong = await refusal('ECC_NIST_P256', 'Verify', { KeyId, ...signature });
    expect(wrong['__type']).toBe('KMSInvalidSignatureException');
    const mac = { KeyId: await keyOf('HMAC_256', 'GENERATE_VERIFY_MAC'), Message, Mac: 'AAAA', ...dry };
    const wrongMac = await refusal('HMAC_256', 'VerifyMac', { ...mac, MacAlgorithm: 'HMAC_SHA_256' });
    expect(wrongMac['__type']).toBe('KMSInvalidMacException');
  });
});

describe('an answer for an enclave', () => {
  const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: 'AAAA' };
  test.each([
    ['DeriveSharedSecret', { KeyId: 'alias/any', KeyAgreementAlgorithm: 'ECDH', PublicKey: 'AAAA' }],
    ['GenerateDataKeyPair', { KeyId: 'alias/any', KeyPairSpec: 'ECC_NIST_P256' }],
    ['GenerateRandom', { NumberOfBytes: 1 }],
  ])('of %s is refused, not faked', async (operation, body) => {
    const answer = await raw(kms, operation, { ...body, Recipient });
    expect(answer.body).toEqual({ __type: 'UnsupportedOperationException' });
  });
});

describe('GenerateRandom', () => {
  test.each([1, 12, 1024])('gives %i bytes', async (NumberOfBytes) => {
    const { body } = await raw(kms, 'GenerateRandom', { NumberOfBytes });
    expect(bytesIn(body, 'Plaintext')).toHaveLength(NumberOfBytes);
  });
});
