import { constants, createHash, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import type { RawAnswer } from './support.ts';

/** Asks one operation; in the Region that is given, or in the first. */
export type Ask = (operation: string, body: unknown, region?: string) => Promise<RawAnswer>;
/** Calls whose answers were recorded, by the name of the answer. */
export type Play = (ask: Ask) => Promise<Record<string, RawAnswer>>;

export const b64 = (bytes: number) => randomBytes(bytes).toString('base64');

export async function newKey(
  ask: Ask,
  input: object = {},
): Promise<{ readonly id: string; readonly arn: string; readonly answer: RawAnswer }> {
  const answer = await ask('CreateKey', input);
  const { KeyId, Arn } = answer.body['KeyMetadata'] as { KeyId: string; Arn: string };
  return { id: KeyId, arn: Arn, answer };
}

const message = Buffer.from('test message 123 !%$@ 1234567890').subarray(0, 28);

const signs =
  (KeySpec: string, SigningAlgorithm: string): Play =>
  async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
    const raw = { KeyId, SigningAlgorithm, MessageType: 'RAW', Message: message.toString('base64') };
    const other = await ask('Sign', { ...raw, Message: 'AAAA' });
    const signature = await ask('Sign', raw);
    return {
      'bad-digest': await ask('Sign', { ...raw, MessageType: 'DIGEST' }),
      'bad-signature': await ask('Verify', { ...raw, Signature: other.body['Signature'] }),
      verification: await ask('Verify', { ...raw, Signature: signature.body['Signature'] }),
      signature,
    };
  };

const macs =
  (KeySpec: string, MacAlgorithm: string): Play =>
  async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' });
    const body = { KeyId, Message: b64(22), MacAlgorithm };
    const generated = await ask('GenerateMac', body);
    const { Mac } = generated.body;
    return {
      'verify-mac': await ask('VerifyMac', { ...body, Mac }),
      'generate-mac-invalid-key-id': await ask('GenerateMac', { ...body, KeyId: 'key_id' }),
      'verify-mac-invalid-key-id': await ask('VerifyMac', { ...body, Mac, KeyId: 'key_id' }),
      'generate-mac': generated,
    };
  };

const wrongMac =
  (MacAlgorithm: string): Play =>
  async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const generated = await ask('GenerateMac', { KeyId, Message: 'AAAA', MacAlgorithm: 'HMAC_SHA_256' });
    const body = { KeyId, Message: 'AAAA', Mac: generated.body['Mac'], MacAlgorithm };
    return { 'verify-mac': await ask('VerifyMac', body), 'generate-mac': generated };
  };

const tooLong =
  (KeySpec: string, EncryptionAlgorithm: string): Play =>
  async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' });
    return { 'generate-random-exc': await ask('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: b64(1176) }) };
  };

const withoutContext =
  (operation: string): Play =>
  async (ask) => {
    const { id: KeyId } = await newKey(ask);
    const body = { KeyId, KeyPairSpec: 'RSA_2048', EncryptionContext: { a: 'b' } };
    const CiphertextBlob = (await ask(operation, body)).body['PrivateKeyCiphertextBlob'];
    return { 'decrypt-without-encryption-context': await ask('Decrypt', { KeyId, CiphertextBlob }) };
  };

/** Wraps and imports material, as a client does. */
async function importInto(ask: Ask, KeyId: string, material: Uint8Array, more: object = {}) {
  const parameters = await ask('GetParametersForImport', {
    KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  });
  const key = createPublicKey({
    key: Buffer.from(String(parameters.body['PublicKey']), 'base64'),
    format: 'der',
    type: 'spki',
  });
  const wrapped = publicEncrypt({ key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }, material);
  const imported = await ask('ImportKeyMaterial', {
    KeyId,
    ImportToken: parameters.body['ImportToken'],
    EncryptedKeyMaterial: wrapped.toString('base64'),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...more,
  });
  return { parameters, imported };
}

/** Material of its own kind, what uses it, and the names of the recorded answers of that. */
const imports =
  (input: { KeySpec: string; KeyUsage: string }, material: () => Uint8Array, use: Play): Play =>
  async (ask) => {
    const Description = input.KeySpec.startsWith('ECC') ? 'test ecc key import' : 'test import hmac key';
    const { id: KeyId } = await newKey(ask, { ...input, Origin: 'EXTERNAL', Description });
    const before = await ask('DescribeKey', { KeyId });
    await importInto(ask, KeyId, material());
    const after = await ask('DescribeKey', { KeyId });
    const used = await use((operation, body) => ask(operation, { KeyId, ...(body as object) }));
    await ask('DeleteImportedKeyMaterial', { KeyId });
    return {
      ...used,
      'describe-key-before-import': before,
      'describe-key-after-import': after,
      'describe-key-after-deleted-import': await ask('DescribeKey', { KeyId }),
    };
  };

const importedCurve = (KeySpec: string, namedCurve: string, SigningAlgorithm: string) =>
  imports(
    { KeySpec, KeyUsage: 'SIGN_VERIFY' },
    () => generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'der', type: 'pkcs8' }),
    async (ask) => {
      const body = { Message: message.toString('base64'), SigningAlgorithm };
      const signed = await ask('Sign', body);
      const verified = await ask('Verify', { ...body, Signature: signed.body['Signature'] });
      return { 'sign-result': signed, 'verify-result': verified };
    },
  );

const importedMac = (bits: number) =>
  imports(
    { KeySpec: `HMAC_${bits}`, KeyUsage: 'GENERATE_VERIFY_MAC' },
    () => randomBytes(bits / 8),
    async (ask) => {
      const body = { Message: 'AAAA', MacAlgorithm: `HMAC_SHA_${bits}` };
      const generated = await ask('GenerateMac', body);
      const verified = await ask('VerifyMac', { ...body, Mac: generated.body['Mac'] });
      return { 'generate-mac-response': generated, 'verify-mac-response': verified };
    },
  );

const tags = (...pairs: readonly string[]) =>
  pairs.map((pair) => ({ TagKey: pair.split(' ')[0], TagValue: pair.split(' ')[1] }));
const THREE = tags('tag1 value1', 'tag2 value2', 'tag3 value3');

const random =
  (NumberOfBytes: number | null, answer: string): Play =>
  async (ask) => ({ [answer]: await ask('GenerateRandom', { NumberOfBytes }) });

/** The operations on signatures, MACs, pairs, tags, rotation and Regions. */
export const MORE_PLAYS: Readonly<Record<string, Play>> = {
  'generate_random 1': random(1, 'result_length'),
  'generate_random 12': random(12, 'result_length'),
  'generate_random_invalid_number_of_bytes 1025': random(1025, 'generate-random-exc'),
  'generate_random_invalid_number_of_bytes None': random(null, 'generate-random-exc'),
  replicate_replica_key_should_fail: async (ask) => {
    const { id: KeyId } = await newKey(ask, { MultiRegion: true });
    const ReplicaRegion = 'us-west-1';
    await ask('ReplicateKey', { KeyId, ReplicaRegion });
    return { 'fail-replicate-non-primary-key': await ask('ReplicateKey', { KeyId, ReplicaRegion }, ReplicaRegion) };
  },
  'encrypt_validate_plaintext_size_per_key_type RSA_2048-RSAES_OAEP_SHA_256': tooLong('RSA_2048', 'RSAES_OAEP_SHA_256'),
  'encrypt_validate_plaintext_size_per_key_type RSA_3072-RSAES_OAEP_SHA_1': tooLong('RSA_3072', 'RSAES_OAEP_SHA_1'),
  encryption_context_generate_data_key_pair: withoutContext('GenerateDataKeyPair'),
  encryption_context_generate_data_key_pair_without_plaintext: withoutContext('GenerateDataKeyPairWithoutPlaintext'),
  generate_data_key_pair: async (ask) => {
    const { id: KeyId } = await newKey(ask);
    return { 'generate-data-key-pair': await ask('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'RSA_2048' }) };
  },
  'sign_verify ECC_SECG_P256K1-ECDSA_SHA_256': signs('ECC_SECG_P256K1', 'ECDSA_SHA_256'),
  'sign_verify RSA_2048-RSASSA_PSS_SHA_256': signs('RSA_2048', 'RSASSA_PSS_SHA_256'),
  'generate_and_verify_mac HMAC_384-HMAC_SHA_384': macs('HMAC_384', 'HMAC_SHA_384'),
  'generate_and_verify_mac HMAC_512-HMAC_SHA_512': macs('HMAC_512', 'HMAC_SHA_512'),
  'invalid_generate_mac HMAC_224-HMAC_SHA_256': async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' });
    return {
      'generate-mac': await ask('GenerateMac', { KeyId, Message: 'AAAA', MacAlgorithm: 'HMAC_SHA_256' }),
    };
  },
  'invalid_verify_mac HMAC_256-HMAC_SHA_512-some important message': wrongMac('HMAC_SHA_512'),
  'invalid_verify_mac HMAC_256-INVALID-some important message': wrongMac('INVALID'),
  derive_shared_secret: async (ask) => {
    const agreeing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' };
    const { id: KeyId } = await newKey(ask, agreeing);
    const other = await newKey(ask, agreeing);
    const signing = await newKey(ask, { ...agreeing, KeyUsage: 'SIGN_VERIFY' });
    const symmetric = await newKey(ask);
    const { PublicKey } = (await ask('GetPublicKey', { KeyId: other.id })).body;
    const derive = (more: object) =>
      ask('DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey, ...more });
    return {
      response: await derive({}),
      'response-invalid-key-usage': await derive({ KeyId: signing.id }),
      'response-invalid-key-spec': await ask('CreateKey', { KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' }),
      'response-invalid-key-agreement-algo': await derive({ KeyAgreementAlgorithm: 'INVALID' }),
      'response-invalid-key': await derive({ KeyId: symmetric.id }),
      'response-invalid-public-key': await derive({ PublicKey: Buffer.from('InvalidPublicKey').toString('base64') }),
    };
  },
  'import_key_ecc_keys ECC_NIST_P256': importedCurve('ECC_NIST_P256', 'prime256v1', 'ECDSA_SHA_256'),
  'import_key_ecc_keys ECC_NIST_P384': importedCurve('ECC_NIST_P384', 'secp384r1', 'ECDSA_SHA_384'),
  'import_key_hmac_keys HMAC_384': importedMac(384),
  'import_key_hmac_keys HMAC_512': importedMac(512),
  import_key_material_raises_if_there_is_already_key_material_pending: async (ask) => {
    const { id: KeyId } = await newKey(ask, { Origin: 'EXTERNAL' });
    const another = async () =>
      (await importInto(ask, KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })).imported;
    return {
      'import-initial-material-response': await another(),
      'import-pending-material-response': await another(),
      'existing-pending-material-error': await another(),
    };
  },
  rotate_key_on_demand_for_external_keys_decrypts_with_previous_material: async (ask) => {
    const { id: KeyId, answer } = await newKey(ask, { Origin: 'EXTERNAL', Description: 'test-key' });
    const first = await importInto(ask, KeyId, randomBytes(32));
    const sealed = await ask('Encrypt', { KeyId, Plaintext: 'AAAA' });
    await importInto(ask, KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    const rotated = await ask('RotateKeyOnDemand', { KeyId });
    const opened = await ask('Decrypt', { KeyId, CiphertextBlob: sealed.body['CiphertextBlob'] });
    if (opened.body['Plaintext'] !== 'AAAA') throw new Error('the ciphertext from before the rotation must decrypt');
    return {
      'create-kms-external-key': answer,
      'import-key-material-response': first.imported,
      'kms-encrypt-initial-response': sealed,
      'rotate-key-on-demand-response': rotated,
    };
  },
  tag_existing_key_and_untag: async (ask) => {
    const { id: KeyId } = await newKey(ask);
    await ask('TagResource', { KeyId, Tags: tags('tag1 value1', 'tag2 value2') });
    const tagged = await ask('ListResourceTags', { KeyId });
    await ask('UntagResource', { KeyId, TagKeys: ['tag1', 'tag2'] });
    return {
      'list-resource-tags': tagged,
      'list-resource-tags-after-all-untagged': await ask('ListResourceTags', { KeyId }),
    };
  },
  untag_key_partially: async (ask) => {
    const { id: KeyId } = await newKey(ask, { Tags: THREE });
    const tagged = await ask('ListResourceTags', { KeyId });
    await ask('UntagResource', { KeyId, TagKeys: ['tag2'] });
    return {
      'list-resource-tags': tagged,
      'list-resource-tags-after-partially-untagged': await ask('ListResourceTags', { KeyId }),
    };
  },
  update_and_add_tags_on_tagged_key: async (ask) => {
    const { id: KeyId } = await newKey(ask, { Tags: THREE });
    const tagged = await ask('ListResourceTags', { KeyId });
    await ask('TagResource', { KeyId, Tags: tags('tag4 value4', 'tag2 updated_value2', 'tag5 value5') });
    return {
      'list-resource-tags': tagged,
      'list-resource-tags-after-tags-updated': await ask('ListResourceTags', { KeyId }),
    };
  },
  'key_enable_rotation_status 90': async (ask) => {
    const { id: KeyId } = await newKey(ask);
    await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    return { match_response: await ask('GetKeyRotationStatus', { KeyId }) };
  },
  'rotate_key_on_demand_on_external_key_with_no_key_material SYMMETRIC_DEFAULT': async (ask) => {
    const { id: KeyId } = await newKey(ask, { Origin: 'EXTERNAL', Description: 'test-key' });
    const name = 'rotate-key-on-demand-error-response-SYMMETRIC_DEFAULT';
    return { [name]: await ask('RotateKeyOnDemand', { KeyId }) };
  },
  rotate_key_on_demand_raises_error_given_non_symmetric_key: async (ask) => {
    const { id: KeyId } = await newKey(ask, { KeySpec: 'RSA_4096', KeyUsage: 'ENCRYPT_DECRYPT' });
    return { 'error-response': await ask('RotateKeyOnDemand', { KeyId }) };
  },
  rotate_key_on_demand_raises_for_no_pending_key_material: async (ask) => {
    const { id: KeyId } = await newKey(ask, { Origin: 'EXTERNAL' });
    await importInto(ask, KeyId, randomBytes(32));
    return { 'rotate-key-on-demand-invalid-state-error': await ask('RotateKeyOnDemand', { KeyId }) };
  },
  rotate_key_on_demand_updates_current_key_material_for_external_keys: async (ask) => {
    const { id: KeyId, answer } = await newKey(ask, { Origin: 'EXTERNAL', Description: 'test-key' });
    const empty = await ask('DescribeKey', { KeyId });
    const seal = () => ask('Encrypt', { KeyId, Plaintext: 'AAAA' });
    const first = await importInto(ask, KeyId, createHash('sha256').update('first').digest());
    const withMaterial = await ask('DescribeKey', { KeyId });
    const before = await seal();
    const second = await importInto(ask, KeyId, createHash('sha256').update('second').digest(), {
      ImportType: 'NEW_KEY_MATERIAL',
    });
    const waiting = await ask('DescribeKey', { KeyId });
    const rotated = await ask('RotateKeyOnDemand', { KeyId });
    return {
      'create-kms-external-key': answer,
      'get-import-parameters-response': first.parameters,
      'describe-empty-key-response': empty,
      'import-key-material-response': first.imported,
      'describe-key-with-material-response': withMaterial,
      'kms-encrypt-initial-response': before,
      'import-new-key-material-response': second.imported,
      'describe-key-with-new-material-response': waiting,
      'rotate-key-on-demand-response': rotated,
      'describe-key-after-rotation': await ask('DescribeKey', { KeyId }),
      'kms-encrypt-rotated-key-response': await seal(),
    };
  },
  rotate_key_on_demand_with_symmetric_key_and_automatic_rotation_disabled: async (ask) => {
    const { id: KeyId } = await newKey(ask);
    return {
      'rotate-on-demand-response': await ask('RotateKeyOnDemand', { KeyId }),
      'rotation-status-response-after-rotation': await ask('GetKeyRotationStatus', { KeyId }),
    };
  },
  rotate_on_demand_returns_arn_for_key_id: async (ask) => {
    const { id: KeyId } = await newKey(ask);
    return { 'rotate-on-demand-aws-key': await ask('RotateKeyOnDemand', { KeyId }) };
  },
};
