import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  type KMSClient,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { administrator, failure, keyArnOf, LEDGER, newKey, raw } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('key state', () => {
  async function inState(prepare: (client: KMSClient, KeyId: string) => Promise<unknown>) {
    const kms = createLocalKms();
    const client = administrator(kms);
    const { id, arn } = await newKey(client);
    await prepare(client, id);
    return { kms, client, id, arn };
  }
  const disabled = (client: KMSClient, KeyId: string) => client.send(new DisableKeyCommand({ KeyId }));
  const pending = (client: KMSClient, KeyId: string) => client.send(new ScheduleKeyDeletionCommand({ KeyId }));

  test.each([
    ['Encrypt', { Plaintext: 'AAAA' }],
    ['GenerateDataKey', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyWithoutPlaintext', { KeySpec: 'AES_256' }],
  ])('%s is refused by a disabled key and by one that is pending deletion', async (operation, more) => {
    const one = await inState(disabled);
    expect((await raw(one.kms, operation, { KeyId: one.id, ...more })).body).toEqual({
      __type: 'DisabledException',
      message: `${one.arn} is disabled.`,
    });
    const other = await inState(pending);
    expect((await raw(other.kms, operation, { KeyId: other.id, ...more })).body).toEqual({
      __type: 'KMSInvalidStateException',
      message: `${other.arn} is pending deletion.`,
    });
  });

  test.each([
    ['DescribeKey', {}, true],
    ['GetKeyPolicy', {}, true],
    ['ListAliases', {}, true],
    ['EnableKey', {}, false],
    ['DisableKey', {}, false],
    ['ScheduleKeyDeletion', {}, false],
    ['CancelKeyDeletion', {}, true],
  ])('%s while deletion is pending: works %#', async (operation, more, works) => {
    const { kms, id, arn } = await inState(pending);
    const { status, body } = await raw(kms, operation, { KeyId: id, ...more });
    expect(status).toBe(works ? 200 : 400);
    if (!works) expect(body).toEqual({ __type: 'KMSInvalidStateException', message: `${arn} is pending deletion.` });
  });

  test('an alias cannot be given to a key whose deletion is pending', async () => {
    const { kms, id } = await inState(pending);
    const { body } = await raw(kms, 'CreateAlias', { AliasName: 'alias/late', TargetKeyId: id });
    expect(body['__type']).toBe('KMSInvalidStateException');
  });

  test('a disabled key works again once it is enabled, and both may be said twice', async () => {
    const { client, id } = await inState(disabled);
    await disabled(client, id);
    await client.send(new EnableKeyCommand({ KeyId: id }));
    await client.send(new EnableKeyCommand({ KeyId: id }));
    await expect(client.send(new EncryptCommand({ KeyId: id, Plaintext: Buffer.from('x') }))).resolves.toBeDefined();
  });

  test('a key is deleted with its aliases when its window is over, and not before', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const kms = createLocalKms({ clock: () => now });
    const at = (instant: string) => {
      now = new Date(instant);
      return administrator(kms, undefined, { systemClockOffset: now.getTime() - Date.now() });
    };
    const { id, arn } = await newKey(at('2026-01-01T00:00:00Z'));
    await at('2026-01-01T00:00:00Z').send(new CreateAliasCommand({ AliasName: 'alias/dying', TargetKeyId: id }));
    const answer = await at('2026-01-01T00:00:00Z').send(
      new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }),
    );
    expect(answer).toMatchObject({
      KeyId: arn,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
      DeletionDate: new Date(Date.UTC(2026, 0, 1) + 7 * DAY),
    });
    const { KeyMetadata } = await at('2026-01-07T23:59:59Z').send(new DescribeKeyCommand({ KeyId: 'alias/dying' }));
    expect(KeyMetadata).toMatchObject({ Enabled: false, DeletionDate: answer.DeletionDate });
    const gone = await failure(at('2026-01-08T00:00:00Z').send(new DescribeKeyCommand({ KeyId: id })));
    expect(gone).toMatchObject({ name: 'NotFoundException', message: `Key '${arn}' does not exist` });
    expect((await at('2026-01-08T00:00:00Z').send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  });

  test('a cancelled deletion leaves a disabled key without a deletion date', async () => {
    const { client, id, arn } = await inState(pending);
    expect((await client.send(new CancelKeyDeletionCommand({ KeyId: id }))).KeyId).toBe(arn);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: id }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    expect(KeyMetadata?.DeletionDate).toBeUndefined();
    expect(await failure(client.send(new CancelKeyDeletionCommand({ KeyId: id })))).toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn} is not pending deletion.`,
    });
  });

  test('a key with imported material waits for it', async () => {
    const client = administrator(createLocalKms());
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const KeyId = KeyMetadata?.KeyId;
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingImport', Enabled: false });
    expect((await failure(client.send(new EnableKeyCommand({ KeyId })))).message).toMatch(/ is pending import\.$/);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await client.send(new CancelKeyDeletionCommand({ KeyId }));
    await client.send(new EnableKeyCommand({ KeyId }));
    expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('PendingImport');
  });
});

describe('usage, dry runs and grant tokens', () => {
  test('a key for signing does not encrypt, and a symmetric key has one algorithm', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const signing = keyArnOf(kms, 'Ledger/SigningKey');
    expect((await raw(kms, 'Encrypt', { KeyId: signing, Plaintext: 'AAAA' })).body).toEqual({
      __type: 'InvalidKeyUsageException',
      message: `${signing} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
    });
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    expect((await raw(kms, 'Encrypt', { KeyId: 'alias/ledger', Plaintext: 'AAAA', EncryptionAlgorithm })).body).toEqual(
      {
        __type: 'InvalidKeyUsageException',
        message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
      },
    );
  });

  test('Decrypt with a key that did not encrypt says so before it looks at the usage of that key', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { CiphertextBlob } = (await raw(kms, 'Encrypt', { KeyId: 'alias/ledger', Plaintext: 'AAAA' })).body;
    const { body } = await raw(kms, 'Decrypt', { CiphertextBlob, KeyId: keyArnOf(kms, 'Ledger/SigningKey') });
    expect(body['__type']).toBe('IncorrectKeyException');
  });

  test('a dry run that would succeed is told as such and gives nothing; one that would fail fails', async () => {
    const kms = createLocalKms();
    const { id } = await newKey(administrator(kms));
    const dry = (body: object) => raw(kms, 'GenerateDataKey', { KeyId: id, DryRun: true, ...body });
    expect((await dry({ KeySpec: 'AES_256' })).body).toEqual({
      __type: 'DryRunOperationException',
      message: 'The request would have succeeded, but the DryRun option is set.',
    });
    expect((await dry({})).body['__type']).toBe('ValidationException');
    await raw(kms, 'DisableKey', { KeyId: id });
    expect((await dry({ KeySpec: 'AES_256' })).body['__type']).toBe('DisabledException');
  });

  test('a dry run of Decrypt may do without a ciphertext, where it says so', async () => {
    const kms = createLocalKms();
    const { id } = await newKey(administrator(kms));
    const body = { KeyId: id, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
    expect((await raw(kms, 'Decrypt', body)).body['__type']).toBe('DryRunOperationException');
    expect((await raw(kms, 'Decrypt', { ...body, DryRun: false })).body['__type']).toBe('ValidationException');
  });

  test('a grant token that nobody issued is refused', async () => {
    const kms = createLocalKms();
    const { id } = await newKey(administrator(kms));
    const { body } = await raw(kms, 'Encrypt', { KeyId: id, Plaintext: 'AAAA', GrantTokens: ['token'] });
    expect(body).toEqual({ __type: 'InvalidGrantTokenException' });
  });

  test('an answer for an enclave is refused, not faked', async () => {
    const kms = createLocalKms();
    const { id } = await newKey(administrator(kms));
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: 'AAAA' };
    const { body } = await raw(kms, 'GenerateDataKey', { KeyId: id, KeySpec: 'AES_256', Recipient });
    expect(body['__type']).toBe('UnsupportedOperationException');
  });
});
