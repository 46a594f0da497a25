import {
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { build } from '../src/create.ts';
import { settingsOf } from '../src/options.ts';
import { administrator, newKey as newKeyOf, raw } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 0, 1);
const day = (days: number) => (START + days * DAY) / 1000;

/** A KMS whose clock is at a number of days after the start. */
function setUp() {
  let now = START;
  const kms = createLocalKms({ clock: () => new Date(now) });
  const ask = async (operation: string, body: object = {}) => {
    const config = { systemClockOffset: now - Date.now() };
    return (await raw(kms, operation, body, { config })).body;
  };
  const newKey = async (input: object = {}) =>
    ((await ask('CreateKey', input))['KeyMetadata'] as { KeyId: string; Arn: string }).KeyId;
  const current = async (KeyId: string) =>
    ((await ask('DescribeKey', { KeyId }))['KeyMetadata'] as { CurrentKeyMaterialId: string }).CurrentKeyMaterialId;
  const rotations = async (KeyId: string, IncludeKeyMaterial = 'ROTATIONS_ONLY') =>
    (await ask('ListKeyRotations', { KeyId, IncludeKeyMaterial }))['Rotations'] as Record<string, unknown>[];
  const at = (days: number) => {
    now = START + days * DAY;
  };
  return { ask, newKey, current, rotations, at };
}

describe('automatic rotation', () => {
  test('is off at first; on, it says its period and the next date; off again, nothing', async () => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey();
    const off = { KeyId: expect.stringContaining(`key/${KeyId}`), KeyRotationEnabled: false };
    expect(await ask('GetKeyRotationStatus', { KeyId })).toEqual(off);
    for (const days of [90, 2560, undefined]) {
      expect(await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: days })).toEqual({});
      expect(await ask('GetKeyRotationStatus', { KeyId })).toEqual({
        KeyId: off.KeyId,
        KeyRotationEnabled: true,
        NextRotationDate: day(days ?? 365),
        RotationPeriodInDays: days ?? 365,
      });
    }
    expect(await ask('DisableKeyRotation', { KeyId })).toEqual({});
    expect(await ask('GetKeyRotationStatus', { KeyId })).toEqual(off);
    for (const days of [89, 2561]) {
      const answer = await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: days });
      expect(answer['__type']).toBe('ValidationException');
    }
  });

  test('makes new material each time a period is over; what was encrypted before still decrypts', async () => {
    const { ask, newKey, current, rotations, at } = setUp();
    const KeyId = await newKey();
    await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: 100 });
    const seal = async () => (await ask('Encrypt', { KeyId, Plaintext: 'AAAA' }))['CiphertextBlob'];
    const [first, before] = [await current(KeyId), await seal()];
    at(99.9);
    expect(await current(KeyId)).toBe(first);
    at(250);
    const second = await current(KeyId);
    expect(second).not.toBe(first);
    expect(await rotations(KeyId)).toEqual([
      expect.objectContaining({ RotationDate: day(100), RotationType: 'AUTOMATIC', KeyMaterialState: 'NON_CURRENT' }),
      {
        KeyId,
        KeyMaterialId: second,
        KeyMaterialState: 'CURRENT',
        RotationDate: day(200),
        RotationType: 'AUTOMATIC',
      },
    ]);
    expect((await ask('GetKeyRotationStatus', { KeyId }))['NextRotationDate']).toBe(day(300));
    const [old, now] = [before, await seal()];
    expect((await ask('Decrypt', { CiphertextBlob: old }))['KeyMaterialId']).toBe(first);
    expect((await ask('Decrypt', { CiphertextBlob: now }))['KeyMaterialId']).toBe(second);
  });

  test('passes over a disabled key, and comes once when it is enabled; deletion suspends it', async () => {
    const { ask, newKey, current, rotations, at } = setUp();
    const KeyId = await newKey();
    await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: 100 });
    const first = await current(KeyId);
    await ask('DisableKey', { KeyId });
    at(350);
    expect(await current(KeyId)).toBe(first);
    await ask('EnableKey', { KeyId });
    expect(await current(KeyId)).not.toBe(first);
    expect(await rotations(KeyId)).toHaveLength(1);
    await ask('ScheduleKeyDeletion', { KeyId });
    expect((await ask('GetKeyRotationStatus', { KeyId }))['KeyRotationEnabled']).toBe(false);
    await ask('CancelKeyDeletion', { KeyId });
    expect((await ask('GetKeyRotationStatus', { KeyId }))['KeyRotationEnabled']).toBe(true);
  });

  test('of a key that is not enabled is waited for no longer, and again when it is enabled', async () => {
    let now = START;
    const { kms, world } = build(settingsOf({ mode: 'off', clock: () => new Date(now) }));
    const client = administrator(kms);
    const { id: KeyId } = await newKeyOf(client);
    // Another key, whose rotation comes later, is what is waited for meanwhile.
    const { id: later } = await newKeyOf(client);
    await client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 100 }));
    await client.send(new EnableKeyRotationCommand({ KeyId: later, RotationPeriodInDays: 1000 }));
    const rotated = async () =>
      (await client.send(new ListKeyRotationsCommand({ KeyId }))).Rotations?.map(({ RotationDate }) => RotationDate);
    const isDue = () => world.store.rotating.mayBeDue(world.now());
    await client.send(new DisableKeyCommand({ KeyId }));
    now = START + 350 * DAY;
    // One look at all of them, and none in the calls after it.
    await rotated();
    expect(isDue()).toBe(false);
    await client.send(new EnableKeyCommand({ KeyId }));
    expect(await rotated()).toEqual([new Date(now)]);
    await client.send(new DisableKeyCommand({ KeyId }));
    now += 50 * DAY;
    await rotated();
    await client.send(new EnableKeyCommand({ KeyId }));
    now += 51 * DAY;
    expect(isDue()).toBe(true);
    expect(await rotated()).toEqual([new Date(START + 350 * DAY), new Date(START + 450 * DAY)]);
  });

  test.each([
    [{ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, undefined],
    [{ Origin: 'EXTERNAL' }, / origin is EXTERNAL which is not valid for this operation\.$/],
  ])('is not for %j', async (input, message) => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey(input);
    for (const operation of ['EnableKeyRotation', 'DisableKeyRotation', 'GetKeyRotationStatus']) {
      const answer = await ask(operation, { KeyId });
      expect(answer['__type']).toBe('UnsupportedOperationException');
      if (message === undefined) expect(answer['message']).toBeUndefined();
      else expect(answer['message']).toMatch(message);
    }
  });
});

describe('rotation on demand', () => {
  test('answers the key ARN, leaves the next date alone, and is to be had 25 times', async () => {
    const { ask, newKey, current, rotations } = setUp();
    const KeyId = await newKey();
    await ask('EnableKeyRotation', { KeyId });
    const seen = new Set([await current(KeyId)]);
    for (let i = 0; i < 25; i++) {
      expect(await ask('RotateKeyOnDemand', { KeyId })).toEqual({ KeyId: expect.stringMatching(/^arn:.*key\//) });
    }
    seen.add(await current(KeyId));
    expect(seen.size).toBe(2);
    const { message, __type } = await ask('RotateKeyOnDemand', { KeyId });
    expect([__type, message]).toEqual([
      'LimitExceededException',
      expect.stringMatching(/^The on-demand rotations limit has been reached for the given keyId\. .* this key: arn:/),
    ]);
    expect((await ask('GetKeyRotationStatus', { KeyId }))['NextRotationDate']).toBe(day(365));
    expect(await rotations(KeyId)).toHaveLength(25);
    expect((await rotations(KeyId))[0]).toMatchObject({ RotationType: 'ON_DEMAND', RotationDate: day(0) });
  });

  test('waits where an automatic one is due within 20 minutes', async () => {
    const { ask, newKey, at } = setUp();
    const KeyId = await newKey();
    await ask('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    at(90 - 19 / (24 * 60));
    expect(await ask('RotateKeyOnDemand', { KeyId })).toEqual({ __type: 'ConflictException' });
    at(90 - 21 / (24 * 60));
    expect((await ask('RotateKeyOnDemand', { KeyId }))['__type']).toBeUndefined();
  });

  test('is listed in pages, oldest first; the first material only when asked for', async () => {
    const { ask, newKey, current, rotations } = setUp();
    const KeyId = await newKey();
    const first = await current(KeyId);
    for (let i = 0; i < 3; i++) await ask('RotateKeyOnDemand', { KeyId });
    const all = await rotations(KeyId, 'ALL_KEY_MATERIAL');
    expect(all.map((one) => one['KeyMaterialState'])).toEqual(['NON_CURRENT', 'NON_CURRENT', 'NON_CURRENT', 'CURRENT']);
    expect(all[0]).toEqual({ KeyId, KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' });
    const page = await ask('ListKeyRotations', { KeyId, Limit: 2 });
    expect(page).toEqual({ NextMarker: expect.any(String), Rotations: all.slice(1, 3), Truncated: true });
    const rest = await ask('ListKeyRotations', { KeyId, Limit: 2, Marker: page['NextMarker'] });
    expect(rest).toEqual({ Rotations: all.slice(3), Truncated: false });
    const other = { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Marker: page['NextMarker'] };
    expect((await ask('ListKeyRotations', other))['__type']).toBe('InvalidMarkerException');
  });
});
