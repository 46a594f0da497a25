import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { b64, MORE_PLAYS, newKey, type Play } from './recorded-plays.ts';
import { type RawAnswer, raw } from './support.ts';

const vectors = resolve(process.env['KEYSMITH_VECTORS'] ?? resolve(__dirname, '../../../../shared/vectors'));
const file = resolve(vectors, 'kms-recorded', 'recorded.json');

interface Recorded {
  readonly name: string;
  readonly operation: string;
  readonly records: string;
  readonly recorded: Record<string, unknown> | number;
}
interface Situation {
  readonly name: string;
  readonly variant?: string;
  readonly answers: readonly Recorded[];
}

const NO_KEY = '5d5f9b5e-0f7c-4d6b-8a53-1c7a5a4f8a10';
/** How the calls behind the recorded answers are made, in the words of each `request`. */
const PLAYS: Readonly<Record<string, Play>> = {
  ...MORE_PLAYS,
  create_alias: async (ask) => {
    const { id } = await newKey(ask);
    return { create_alias: await ask('CreateAlias', { AliasName: 'ab12cd34', TargetKeyId: id }) };
  },
  describe_with_alias_arn: async (ask) => {
    const { id, answer } = await newKey(ask, { Description: 'test - description' });
    await ask('CreateAlias', { AliasName: 'alias/described', TargetKeyId: id });
    const { Aliases } = (await ask('ListAliases', { KeyId: id })).body as { Aliases: { AliasArn: string }[] };
    return { 'created-key': answer, 'describe-key': await ask('DescribeKey', { KeyId: Aliases[0]?.AliasArn }) };
  },
  get_key_does_not_exist: async (ask) => ({
    'describe-nonexistent-key-with-id': await ask('DescribeKey', { KeyId: NO_KEY }),
    'describe-nonexistent-with-arn': await ask('DescribeKey', {
      KeyId: `arn:aws:kms:us-east-1:111122223333:key/${NO_KEY}`,
    }),
    'describe-key-with-valid-id-mrk': await ask('DescribeKey', { KeyId: `mrk-${NO_KEY.replaceAll('-', '')}` }),
  }),
  non_multi_region_keys_should_not_have_multi_region_properties: async (ask) => ({
    non_multi_region_keys_should_not_have_multi_region_properties: (
      await newKey(ask, { MultiRegion: false, Description: 'test non multi region key' })
    ).answer,
  }),
  encrypt_decrypt_encryption_context: async (ask) => {
    const { id } = await newKey(ask);
    const EncryptionContext = { context: 'value' };
    const encrypted = await ask('Encrypt', {
      KeyId: id,
      Plaintext: b64(40),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      EncryptionContext,
    });
    const CiphertextBlob = encrypted.body['CiphertextBlob'] as string;
    const cut = Buffer.from(CiphertextBlob, 'base64').subarray(68).toString('base64');
    return {
      encrypt_response: encrypted,
      decrypt_response_with_encryption_context: await ask('Decrypt', { KeyId: id, CiphertextBlob, EncryptionContext }),
      decrypt_response_without_encryption_context: await ask('Decrypt', { KeyId: id, CiphertextBlob }),
      decrypt_response_with_invalid_ciphertext: await ask('Decrypt', {
        KeyId: id,
        CiphertextBlob: cut,
        EncryptionContext,
      }),
    };
  },
  plaintext_size_for_encrypt: async (ask) => {
    const { id } = await newKey(ask);
    return { 'invalid-plaintext-size-encrypt': await ask('Encrypt', { KeyId: id, Plaintext: b64(4268) }) };
  },
  're_encrypt SYMMETRIC_DEFAULT-SYMMETRIC_DEFAULT': async (ask) => {
    const [source, destination] = [await newKey(ask), await newKey(ask)];
    const { CiphertextBlob } = (await ask('Encrypt', { KeyId: source.id, Plaintext: b64(40) })).body;
    return {
      test_re_encrypt: await ask('ReEncrypt', {
        CiphertextBlob,
        SourceKeyId: source.id,
        DestinationKeyId: destination.id,
        SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      }),
    };
  },
  encryption_context_generate_data_key_without_plaintext: async (ask) => {
    const { id } = await newKey(ask);
    const { CiphertextBlob } = (
      await ask('GenerateDataKeyWithoutPlaintext', { KeyId: id, KeySpec: 'AES_256', EncryptionContext: { a: 'b' } })
    ).body;
    return { 'decrypt-without-encryption-context': await ask('Decrypt', { KeyId: id, CiphertextBlob }) };
  },
  generate_data_key: async (ask) => {
    const { id } = await newKey(ask);
    return { 'generate-data-key-result': await ask('GenerateDataKey', { KeyId: id, KeySpec: 'AES_256' }) };
  },
  import_key_symmetric: async (ask) => {
    const { id, answer } = await newKey(ask, { Origin: 'EXTERNAL' });
    return {
      'created-key': answer,
      'encrypt-before-import-error': await ask('Encrypt', { KeyId: id, Plaintext: b64(10) }),
      'describe-key-before-import': await ask('DescribeKey', { KeyId: id }),
    };
  },
  'create_key_with_invalid_tag_key too_long_key': async (ask) => ({
    'invalid-tag-key': await ask('CreateKey', { Tags: [{ TagKey: 'a'.repeat(129), TagValue: 'v' }] }),
  }),
  create_key_with_too_many_tags_raises_error: async (ask) => ({
    'invalid-tag-key': await ask('CreateKey', {
      Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: `k${i}`, TagValue: 'v' })),
    }),
  }),
  key_with_long_tag_value_raises_error: async (ask) => ({
    'too-long-tag-value': await ask('CreateKey', { Tags: [{ TagKey: 'k', TagValue: 'v'.repeat(257) }] }),
  }),
  key_rotations_encryption_decryption: async (ask) => {
    const { id } = await newKey(ask);
    const { CiphertextBlob } = (await ask('Encrypt', { KeyId: id, Plaintext: b64(10) })).body;
    const longer = Buffer.concat([Buffer.from(String(CiphertextBlob), 'base64'), Buffer.alloc(8)]).toString('base64');
    return { 'bad-ciphertext': await ask('Decrypt', { KeyId: id, CiphertextBlob: longer }) };
  },
};

/** Placeholders of the recording, and what each may stand for. `key-id` outside of KeyMetadata is the key ARN. */
const STANDS_FOR: readonly (readonly [RegExp, string])[] = [
  [/<partition>/g, 'aws'],
  [/<region>/g, 'us-east-1'],
  [/111111111111/g, '111122223333'],
  [/<(?:mrk-)?key-arn>/g, 'arn:aws:kms:[a-z0-9-]+:111122223333:key/[a-z0-9-]+'],
  [/<key-id:\d>|<resource:\d>/g, '(?:arn:aws:kms:us-east-1:111122223333:key/)?(?:mrk-)?[0-9a-f-]+'],
  [/<(?:current-)?key-material-id(?::\d)?>/g, '[0-9a-f]{64}'],
  [/<description:\d>/g, '.*'],
  [/<(?:signature|mac)>/g, '[A-Za-z0-9+/]+=*'],
];
const BLOBS = new Set([
  'ciphertext-blob',
  'plaintext',
  'private-key-ciphertext-blob',
  'private-key-plaintext',
  'public-key',
  'import-token',
  'shared-secret',
]);
/** Answers from before these members existed do not show them: their absence proves nothing. */
const YOUNGER = new Set(['KeyMaterialId', 'CurrentKeyMaterialId', 'SourceKeyMaterialId', 'DestinationKeyMaterialId']);

/** The values of an enum come in no particular order, and their number grows. */
function withoutValues(text: string): string {
  return text.replace(/(enum value set: ).*$/, '$1');
}

function expectRecorded(actual: unknown, recorded: unknown): void {
  if (recorded === 'datetime') expect(actual).toEqual(expect.any(Number));
  else if (typeof recorded === 'string' && BLOBS.has(recorded)) expect(actual).toMatch(/^[A-Za-z0-9+/]+=*$/);
  else if (typeof recorded === 'string') {
    const escaped = withoutValues(recorded).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    expect(withoutValues(String(actual))).toMatch(
      new RegExp(`^${STANDS_FOR.reduce((text, [placeholder, it]) => text.replace(placeholder, it), escaped)}$`),
    );
  } else if (Array.isArray(recorded)) {
    expect(actual).toHaveLength(recorded.length);
    recorded.forEach((one, i) => {
      expectRecorded((actual as unknown[])[i], one);
    });
  } else if (typeof recorded === 'object' && recorded !== null) {
    const members = actual as Record<string, unknown>;
    expect(
      Object.keys(members)
        .filter((name) => name in recorded || !YOUNGER.has(name))
        .sort(),
    ).toEqual(Object.keys(recorded).sort());
    for (const [name, one] of Object.entries(recorded)) expectRecorded(members[name], one);
  } else expect(actual).toBe(recorded);
}

function expectAnswer(actual: RawAnswer, { records, recorded }: Recorded): void {
  if (records === 'KeyMetadata') {
    expect(actual.status).toBe(200);
    expectRecorded(actual.body['KeyMetadata'], recorded);
    return;
  }
  if (records === 'Tags') {
    expectRecorded(actual.body['Tags'], recorded);
    return;
  }
  if (typeof recorded === 'number') {
    expect(Buffer.from(String(actual.body['Plaintext']), 'base64')).toHaveLength(recorded);
    return;
  }
  const { ResponseMetadata, Error: error, message, ...members } = recorded as Record<string, Record<string, unknown>>;
  expect(actual.status).toBe(ResponseMetadata?.['HTTPStatusCode']);
  if (error === undefined) {
    expectRecorded(actual.body, members);
    return;
  }
  expect(actual.body['__type']).toBe(error['Code']);
  // boto3 gives "" for a body without a message, and shows the member where it is one that the model declares.
  expect('message' in actual.body).toBe(error['Message'] !== '');
  if (error['Message'] !== '') expectRecorded(actual.body['message'], error['Message']);
  if (message !== undefined) expectRecorded(actual.body['message'], message);
}

const situations: readonly Situation[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).situations : [];
const rows = situations.flatMap((situation) => {
  const name = situation.variant === undefined ? situation.name : `${situation.name} ${situation.variant}`;
  const play = PLAYS[name];
  return play === undefined ? [] : [{ name, play, answers: situation.answers }];
});

(rows.length > 0 ? describe : describe.skip)('answers that AWS KMS really gave', () => {
  // One for all: the keys that wrap imported material are slow to make.
  const kms = createLocalKms();
  const ask = (operation: string, body: unknown, region?: string) =>
    raw(kms, operation, body, region === undefined ? {} : { config: { region } });

  test('every play belongs to a recorded situation', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(PLAYS).sort());
  });

  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, { play, answers }) => {
    const given = await play(ask);
    for (const [name, actual] of Object.entries(given)) {
      const recorded = answers.find((answer) => answer.name === name);
      expect([name, recorded?.name]).toEqual([name, name]);
      if (recorded !== undefined) expectAnswer(actual, recorded);
    }
  });
});
