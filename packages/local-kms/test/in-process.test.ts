import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms, LocalKmsError } from '@cdk-keysmith/local-kms';
import { failure, keyArnOf, LEDGER, runSources } from './support.ts';

describe('a ready client', () => {
  test('calls as whom it was made for, and as the administrator by default', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const KeyId = keyArnOf(kms, 'Ledger/Key');
    const writer = await kms.client({ as: 'Ledger/Writer', maxAttempts: 1 });
    await failure(writer.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) })));
    await (await kms.client()).send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    expect(kms.events.map(({ userIdentity }) => userIdentity.type)).toEqual(['AssumedRole', 'Root']);
    await expect(kms.client({ as: 'Nobody' })).rejects.toThrow(LocalKmsError);
  });
});

describe('once it is closed', () => {
  test('nobody is answered any more, and nothing is given out or made', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const client = await kms.client({ maxAttempts: 1 });
    await client.send(new ListKeysCommand({}));
    await kms.close();
    expect(await failure(client.send(new ListKeysCommand({})))).toMatchObject({ code: 'ECONNREFUSED' });
    const calls: readonly (() => unknown)[] = [
      () => kms.client(),
      async () => kms.clientConfig('Ledger/Writer'),
      async () => kms.credentialsFor('Ledger/Writer'),
      async () => kms.environmentFor('Ledger/Writer'),
      async () => kms.administratorCredentials(),
      async () => kms.update(),
      async () => kms.reset(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(kms.keys()).toEqual([]);
    expect(kms.events).toHaveLength(1);
    await kms.close();
  });
});

describe('a reset', () => {
  const inventory = (kms: LocalKms) => [kms.keys(), kms.aliases(), kms.principals(), kms.problems];

  test('leaves what the app declares and nothing else, and clients go on', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const before = inventory(kms);
    const client = await kms.client();
    const KeyId = keyArnOf(kms, 'Ledger/Key');
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    await client.send(new CreateKeyCommand({}));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    kms.inject({ fault: { kind: 'unreachable' } });
    kms.clock.advance(1_000_000);
    kms.reset();
    expect([inventory(kms), kms.events, kms.faults(), kms.clock.movedBy]).toEqual([before, [], [], 0]);
    await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    // The material is new.
    expect(await failure(client.send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('of one local KMS is none of another', async () => {
    const [one, other] = [createLocalKms({ app: LEDGER }), createLocalKms({ app: LEDGER })];
    const KeyId = keyArnOf(one, 'Ledger/Key');
    const request = { KeyId, Plaintext: Buffer.of(1) };
    const { CiphertextBlob } = await (await one.client()).send(new EncryptCommand(request));
    expect(await failure((await other.client()).send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
      name: 'AccessDeniedException',
    });
    other.reset();
    await (await one.client()).send(new DecryptCommand({ CiphertextBlob }));
    await other.close();
    await (await one.client()).send(new DecryptCommand({ CiphertextBlob }));
    expect([one.events.length, other.events.length]).toEqual([3, 0]);
  });
});

describe('the clock', () => {
  test('moves what waits for a time, and goes on from there', async () => {
    const kms = createLocalKms();
    const client = await kms.client();
    const { KeyMetadata: { KeyId } = {} } = await client.send(new CreateKeyCommand({}));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    kms.clock.advance(8 * 24 * 60 * 60 * 1000);
    // An SDK corrects its own clock after one refused request.
    await client.send(new CreateKeyCommand({}));
    expect(kms.keys().map(({ keyId }) => keyId)).not.toContain(KeyId);
    const there = kms.clock.set(new Date('2030-01-01T00:00:00Z'));
    expect(kms.clock.now().getTime() - there.getTime()).toBeLessThan(60_000);
  });

  test.each([-1, Number.NaN, 1e20])('is not moved by %p milliseconds', (millis) => {
    expect(() => createLocalKms().clock.advance(millis)).toThrow(/millis must be a number/);
  });

  test('is not set to a day that is none', () => {
    expect(() => createLocalKms().clock.set(new Date('never'))).toThrow(/the clock goes from 1970/);
  });
});

test('two local KMSs that watch and listen leave nothing behind when they are closed', async () => {
  const source = `
    import { createLocalKms, startLocalKms } from '@cdk-keysmith/local-kms';
    const app = ${JSON.stringify(LEDGER)};
    const all = [createLocalKms({ app, watch: true }), await startLocalKms({ app, watch: true })];
    for (const kms of all) {
      kms.inject({ fault: { kind: 'latency', millis: 3_600_000 } });
      void (await kms.client({ maxAttempts: 1 })).send(new (await import('@aws-sdk/client-kms')).ListKeysCommand({})).catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const kms of all) await kms.close();
    const left = () => process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|Immediate/.test(name)).join();
    // Sockets that were closed are there for a turn or two.
    for (const end = Date.now() + 5_000; left() !== '' && Date.now() < end; ) await new Promise(setImmediate);
    console.log(left());`;
  // The process ends by itself, too, or this waits in vain.
  expect(await runSources(source)).toBe('');
});
