import { createLocalKms } from '@cdk-keysmith/local-kms';
import { raw } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const [HERE, THERE, ELSEWHERE] = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
const arn = (region: string, id: string) => `arn:aws:kms:${region}:111122223333:key/${id}`;
const named = (region: string, id: string) => ({ Arn: arn(region, id), Region: region });

/** One server, called in any Region; its clock can be moved. */
function setUp() {
  let now = Date.UTC(2026, 0, 1);
  const kms = createLocalKms({ clock: () => new Date(now) });
  const ask = async (region: string, operation: string, body: object = {}) => {
    const config = { region, systemClockOffset: now - Date.now() };
    return (await raw(kms, operation, body, { config })).body;
  };
  const newKey = async (input: object = {}) => {
    const { KeyMetadata } = await ask(HERE, 'CreateKey', { MultiRegion: true, ...input });
    return (KeyMetadata as { KeyId: string }).KeyId;
  };
  const metadata = async (region: string, KeyId: string) =>
    (await ask(region, 'DescribeKey', { KeyId }))['KeyMetadata'] as Record<string, unknown>;
  const pass = (days: number) => {
    now += days * DAY;
  };
  return { kms, ask, newKey, metadata, pass };
}

async function replicated(regions: readonly string[], input: object = {}) {
  const set = setUp();
  const id = await set.newKey(input);
  for (const ReplicaRegion of regions) await set.ask(HERE, 'ReplicateKey', { KeyId: id, ReplicaRegion });
  return { ...set, id };
}

describe('ReplicateKey', () => {
  test('answers a replica that is being made, with its policy and tags', async () => {
    const { ask, newKey, metadata } = setUp();
    const KeyId = await newKey({ Description: 'of the primary', Tags: [{ TagKey: 'a', TagValue: 'b' }] });
    expect((await metadata(HERE, KeyId))['MultiRegionConfiguration']).toEqual({
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: named(HERE, KeyId),
      ReplicaKeys: [],
    });
    const answer = await ask(HERE, 'ReplicateKey', { KeyId, ReplicaRegion: THERE });
    expect(Object.keys(answer).sort()).toEqual(['ReplicaKeyMetadata', 'ReplicaPolicy']);
    expect(answer['ReplicaKeyMetadata']).toMatchObject({
      Arn: arn(THERE, KeyId),
      Description: '',
      Enabled: false,
      KeyState: 'Creating',
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: named(HERE, KeyId),
        ReplicaKeys: [named(THERE, KeyId)],
      },
    });
    expect(answer['ReplicaKeyMetadata']).not.toHaveProperty('CurrentKeyMaterialId');
    expect(answer['ReplicaPolicy']).toContain('key-default-1');
    expect(await metadata(THERE, KeyId)).toMatchObject({ KeyState: 'Enabled', Enabled: true });
    expect((await ask(THERE, 'ListResourceTags', { KeyId }))['Tags']).toEqual([]);
    const tagged = { KeyId, ReplicaRegion: ELSEWHERE, Tags: [{ TagKey: 'c', TagValue: 'd' }] };
    expect((await ask(HERE, 'ReplicateKey', tagged))['ReplicaTags']).toEqual(tagged.Tags);
  });

  test.each(['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256'])(
    'of a %s key: one material in both',
    async (KeySpec) => {
      const usage = { SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT', HMAC_256: 'GENERATE_VERIFY_MAC' }[KeySpec] ?? 'SIGN_VERIFY';
      const { ask, id: KeyId } = await replicated([THERE], { KeySpec, KeyUsage: usage });
      if (KeySpec === 'SYMMETRIC_DEFAULT') {
        const { CiphertextBlob } = await ask(HERE, 'Encrypt', { KeyId, Plaintext: 'AAAA' });
        const opened = await ask(THERE, 'Decrypt', { CiphertextBlob });
        expect(opened).toMatchObject({ KeyId: arn(THERE, KeyId), Plaintext: 'AAAA' });
        expect((await ask(ELSEWHERE, 'Decrypt', { CiphertextBlob }))['__type']).toBe('AccessDeniedException');
      } else if (KeySpec === 'HMAC_256') {
        const body = { KeyId, Message: 'AAAA', MacAlgorithm: 'HMAC_SHA_256' };
        expect((await ask(THERE, 'GenerateMac', body))['Mac']).toBe((await ask(HERE, 'GenerateMac', body))['Mac']);
      } else {
        const publicKey = async (region: string) => (await ask(region, 'GetPublicKey', { KeyId }))['PublicKey'];
        expect(await publicKey(THERE)).toBe(await publicKey(HERE));
      }
    },
  );

  test('shares neither policy, grants, tags, aliases, description nor state', async () => {
    const { ask, metadata, id: KeyId } = await replicated([THERE]);
    await ask(HERE, 'DisableKey', { KeyId });
    await ask(HERE, 'UpdateKeyDescription', { KeyId, Description: 'here' });
    await ask(HERE, 'TagResource', { KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] });
    await ask(HERE, 'CreateAlias', { AliasName: 'alias/here', TargetKeyId: KeyId });
    expect(await metadata(THERE, KeyId)).toMatchObject({ Description: '', KeyState: 'Enabled' });
    expect((await ask(THERE, 'ListResourceTags', { KeyId }))['Tags']).toEqual([]);
    expect((await ask(THERE, 'ListAliases', { KeyId }))['Aliases']).toEqual([]);
  });

  test('is refused for a replica, a key of one Region, a Region that has one, and another partition', async () => {
    const { ask, newKey, id: KeyId } = await replicated([THERE]);
    const single = await newKey({ MultiRegion: false });
    const replicate = (region: string, id: string, ReplicaRegion: string) =>
      ask(region, 'ReplicateKey', { KeyId: id, ReplicaRegion });
    const notPrimary = (region: string, id: string) => ({
      __type: 'UnsupportedOperationException',
      message: `${arn(region, id)} is not a multi-region primary key.`,
    });
    expect(await replicate(THERE, KeyId, ELSEWHERE)).toEqual(notPrimary(THERE, KeyId));
    expect(await replicate(HERE, single, THERE)).toEqual(notPrimary(HERE, single));
    expect((await replicate(HERE, KeyId, THERE))['__type']).toBe('AlreadyExistsException');
    expect((await replicate(HERE, KeyId, HERE))['__type']).toBe('AlreadyExistsException');
    expect((await replicate(HERE, KeyId, 'cn-north-1'))['__type']).toBe('ValidationException');
  });

  test('needs kms:ReplicateKey on the primary, and looks at the Region of the replica', async () => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey();
    const allow = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
    const StringEquals = { 'kms:ReplicaRegion': THERE };
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:ReplicateKey', Resource: '*' };
    const Policy = JSON.stringify({ Statement: [allow, { ...deny, Condition: { StringEquals } }] });
    await ask(HERE, 'PutKeyPolicy', { KeyId, Policy });
    const replicate = (ReplicaRegion: string) => ask(HERE, 'ReplicateKey', { KeyId, ReplicaRegion });
    expect((await replicate(THERE))['__type']).toBe('AccessDeniedException');
    expect((await replicate(ELSEWHERE))['__type']).toBeUndefined();
  });
});

test('rotation is set on the primary and is the same everywhere', async () => {
  const { ask, metadata, pass, id: KeyId } = await replicated([THERE]);
  await ask(HERE, 'EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
  expect(await ask(THERE, 'GetKeyRotationStatus', { KeyId })).toMatchObject({ KeyRotationEnabled: true });
  for (const operation of ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand']) {
    expect((await ask(THERE, operation, { KeyId }))['__type']).toBe('UnsupportedOperationException');
  }
  const { CiphertextBlob } = await ask(THERE, 'Encrypt', { KeyId, Plaintext: 'AAAA' });
  const current = async (region: string) => (await metadata(region, KeyId))['CurrentKeyMaterialId'];
  const before = await current(THERE);
  pass(91);
  expect(await current(THERE)).not.toBe(before);
  expect(await current(THERE)).toBe(await current(HERE));
  expect((await ask(HERE, 'Decrypt', { CiphertextBlob }))['Plaintext']).toBe('AAAA');
  expect((await ask(THERE, 'ListKeyRotations', { KeyId }))['Rotations']).toHaveLength(1);
});

describe('UpdatePrimaryRegion', () => {
  test('makes a replica the primary, and the primary a replica', async () => {
    const { ask, metadata, id: KeyId } = await replicated([THERE, ELSEWHERE]);
    await ask(HERE, 'EnableKeyRotation', { KeyId });
    expect(await ask(HERE, 'UpdatePrimaryRegion', { KeyId, PrimaryRegion: THERE })).toEqual({});
    expect((await metadata(HERE, KeyId))['MultiRegionConfiguration']).toEqual({
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: named(THERE, KeyId),
      ReplicaKeys: [named(HERE, KeyId), named(ELSEWHERE, KeyId)],
    });
    expect((await ask(HERE, 'UpdatePrimaryRegion', { KeyId, PrimaryRegion: ELSEWHERE }))['message']).toBe(
      `${arn(HERE, KeyId)} is not a multi-region primary key.`,
    );
    expect(await ask(THERE, 'DisableKeyRotation', { KeyId })).toEqual({});
  });

  test('goes nowhere where there is no replica, and needs the permission in both Regions', async () => {
    const { ask, id: KeyId } = await replicated([THERE]);
    const update = (PrimaryRegion: string) => ask(HERE, 'UpdatePrimaryRegion', { KeyId, PrimaryRegion });
    expect((await update(ELSEWHERE))['__type']).toBe('NotFoundException');
    expect((await update(HERE))['__type']).toBe('ValidationException');
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'kms:UpdatePrimaryRegion', Resource: '*' },
    ];
    await ask(THERE, 'PutKeyPolicy', { KeyId, Policy: JSON.stringify({ Statement }) });
    expect(await update(THERE)).toMatchObject({
      __type: 'AccessDeniedException',
      Message: expect.stringContaining(arn(THERE, KeyId)),
    });
  });
});

describe('deletion of a primary key', () => {
  test('waits for its replicas; its window begins when the last of them is gone', async () => {
    const { ask, metadata, pass, id: KeyId } = await replicated([THERE, ELSEWHERE]);
    const schedule = (region: string, PendingWindowInDays: number) =>
      ask(region, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays });
    expect(await schedule(HERE, 10)).toEqual({
      KeyId: arn(HERE, KeyId),
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 10,
    });
    const waiting = await metadata(HERE, KeyId);
    expect(waiting).toMatchObject({ Enabled: false, PendingDeletionWindowInDays: 10 });
    expect(waiting).not.toHaveProperty('DeletionDate');
    expect((await ask(HERE, 'Encrypt', { KeyId, Plaintext: 'AAAA' }))['message']).toMatch(
      /pending replica deletion\.$/,
    );
    await schedule(THERE, 7);
    await schedule(ELSEWHERE, 8);
    pass(7.5);
    expect(await metadata(HERE, KeyId)).toMatchObject({ KeyState: 'PendingReplicaDeletion' });
    pass(1);
    const dying = await metadata(HERE, KeyId);
    expect(dying).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: (Date.UTC(2026, 0, 1) + 18 * DAY) / 1000,
    });
    expect(dying).not.toHaveProperty('PendingDeletionWindowInDays');
    pass(9.6);
    expect((await ask(HERE, 'DescribeKey', { KeyId }))['__type']).toBe('NotFoundException');
  });

  test('passes in one leap of the clock, and can be cancelled while it waits', async () => {
    const one = await replicated([THERE]);
    await one.ask(HERE, 'ScheduleKeyDeletion', { KeyId: one.id });
    await one.ask(HERE, 'CancelKeyDeletion', { KeyId: one.id });
    expect(await one.metadata(HERE, one.id)).toMatchObject({ KeyState: 'Disabled' });
    await one.ask(HERE, 'ScheduleKeyDeletion', { KeyId: one.id });
    await one.ask(THERE, 'ScheduleKeyDeletion', { KeyId: one.id });
    one.pass(61);
    for (const region of [HERE, THERE]) {
      expect((await one.ask(region, 'DescribeKey', { KeyId: one.id }))['__type']).toBe('NotFoundException');
    }
  });
});
