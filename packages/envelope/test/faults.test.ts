import type { FaultKind } from '@cdk-keysmith/local-kms';
import { sqsHandler } from '../src/adapters/sqs.ts';
import type { KmsClient } from '../src/kms/client.ts';
import { statsOf } from '../src/stats.ts';
import { inChild } from './child.ts';
import { altered, localKms, ORDERS_APP, operations, type TestKms, THROTTLING, until } from './kms.ts';
import { orders } from './orders.ts';
import { KEY, OTHER_KEY } from './settings.ts';

/*
 * What an envelope does when KMS or the network fails: faults are injected into the local KMS, between which and the
 * envelope there is the unmodified SDK.
 */

const CONTEXT = { tenant: 'a' };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The same client, with the plaintexts that it answered with, as they are now. */
function watched(kms: TestKms): { readonly client: KmsClient; readonly plaintexts: Uint8Array[] } {
  const plaintexts: Uint8Array[] = [];
  const client = altered(kms, (answer) => {
    if (answer['Plaintext'] instanceof Uint8Array) plaintexts.push(answer['Plaintext']);
    return answer;
  });
  return { client, plaintexts };
}

describe('throttling', () => {
  // The delay before an attempt of the SDK is random up to a limit.
  beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => jest.restoreAllMocks());

  test('that outlasts the attempts of the SDK is THROTTLED, and each attempt is counted', async () => {
    const kms = localKms({ maxAttempts: 3 });
    const fault = kms.local.inject({ fault: THROTTLING });
    const box = orders(kms);
    const stats = statsOf(box);
    await expect(box.encrypt('x', CONTEXT)).rejects.toMatchObject({
      code: 'THROTTLED',
      retryable: true,
      keyArn: KEY,
      action: 'kms:GenerateDataKey',
    });
    expect(fault.fired).toBe(3);
    expect(stats()).toMatchObject({ kmsCalls: 1, kms: [{ calls: 1, requests: 3, failures: 1, throttled: 1 }] });
  });

  test('that ends before the last attempt goes unnoticed, but for the count', async () => {
    const kms = localKms({ maxAttempts: 3 });
    kms.local.inject({ times: 2, fault: THROTTLING });
    const box = orders(kms);
    const stats = statsOf(box);
    expect(await box.decrypt(await box.encrypt('x', CONTEXT), CONTEXT, 'text')).toBe('x');
    expect(stats().kms).toMatchObject([
      { action: 'kms:GenerateDataKey', calls: 1, requests: 3, failures: 0, throttled: 0 },
      { action: 'kms:Decrypt', calls: 1, requests: 1, failures: 0 },
    ]);
  });

  test('of one key of two is not hidden by the other one, since both have to wrap', async () => {
    const kms = localKms();
    const { client, plaintexts } = watched(kms);
    kms.local.inject({ operation: 'Encrypt', key: OTHER_KEY, fault: THROTTLING });
    const box = orders(client, { wrapKeys: [KEY, OTHER_KEY] });
    await expect(box.encrypt('x', CONTEXT)).rejects.toMatchObject({ code: 'THROTTLED', keyArn: OTHER_KEY });
    // The data key that the first one made is of no use then.
    expect(plaintexts).toEqual([new Uint8Array(32)]);
  });

  test('of one key of two does not matter where either one can unwrap', async () => {
    const kms = localKms();
    const keys = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY, OTHER_KEY] };
    const message = await orders(kms, keys).encrypt('x', CONTEXT);
    const fault = kms.local.inject({ key: KEY, fault: THROTTLING });
    expect(await orders(kms, keys).decrypt(message, CONTEXT, 'text')).toBe('x');
    expect(fault.fired).toBe(1);
  });

  test('of one data key in a batch gives back its records, and handles the others', async () => {
    const kms = localKms();
    const keys = { unwrapKeys: [KEY, OTHER_KEY] };
    const writers = [orders(kms), orders(kms, { wrapKeys: [OTHER_KEY] })] as const;
    const Records = await Promise.all(
      [0, 1, 0, 1, 0].map(async (writer, index) => ({
        messageId: `m${index}`,
        body: Buffer.from(await writers[writer === 0 ? 0 : 1].encrypt(`${index}`, CONTEXT)).toString('base64'),
      })),
    );
    const throttled = kms.local.inject({ operation: 'Decrypt', key: OTHER_KEY, fault: THROTTLING });
    const handled: string[] = [];
    const failed: unknown[] = [];
    const handler = sqsHandler(orders(kms, keys), {
      pick: ({ body }) => ({ message: body, context: CONTEXT }),
      format: 'text',
      handle: (plaintext) => void handled.push(plaintext),
      onFailure: ({ messageId }, error) => failed.push([messageId, (error as { code?: unknown }).code]),
    });
    expect(await handler({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }],
    });
    expect(handled.sort()).toEqual(['0', '2', '4']);
    expect(failed).toEqual([
      ['m1', 'THROTTLED'],
      ['m3', 'THROTTLED'],
    ]);
    // Delivered again, they are handled.
    throttled.remove();
    const again = Records.filter(({ messageId }) => ['m1', 'm3'].includes(messageId));
    expect(await handler({ Records: again })).toEqual({ batchItemFailures: [] });
    expect(handled.sort()).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('an outage', () => {
  test.each<[string, FaultKind]>([
    ['an internal error', { kind: 'error', exception: 'KMSInternalException' }],
    ['an unavailable key', { kind: 'error', exception: 'KeyUnavailableException' }],
    ['a timeout within AWS', { kind: 'error', exception: 'DependencyTimeoutException' }],
    ['a connection reset', { kind: 'connection-reset' }],
    ['a KMS that is not there', { kind: 'unreachable' }],
  ])('by %s is KMS_UNAVAILABLE after every attempt of the SDK, and forgotten when it is over', async (_case, fault) => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const kms = localKms({ maxAttempts: 3 });
    const box = orders(kms);
    const stats = statsOf(box);
    const outage = kms.local.inject({ fault });
    const attempts = await Promise.allSettled([1, 2, 3].map(() => box.encrypt('x', CONTEXT)));
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ reason: { code: 'KMS_UNAVAILABLE', retryable: true, keyArn: KEY } });
    }
    expect(stats()).toMatchObject({ kmsCalls: 1, kms: [{ requests: 3, failures: 1, throttled: 0 }] });
    outage.remove();
    const message = await box.encrypt('x', CONTEXT);
    const unread = kms.local.inject({ operation: 'Decrypt', times: 3, fault });
    await expect(box.decrypt(message, CONTEXT)).rejects.toMatchObject({
      code: 'KMS_UNAVAILABLE',
      action: 'kms:Decrypt',
    });
    expect(unread.fired).toBe(3);
    expect(await box.decrypt(message, CONTEXT, 'text')).toBe('x');
    jest.restoreAllMocks();
  });

  test('during prefetch fails it, and the call that needs the data key gets one', async () => {
    const kms = localKms();
    const box = orders(kms);
    const stats = statsOf(box);
    kms.local.inject({ times: 1, fault: { kind: 'unreachable' } });
    await expect(box.prefetch(CONTEXT)).rejects.toMatchObject({ code: 'KMS_UNAVAILABLE' });
    expect(await box.encrypt('x', CONTEXT)).toBeInstanceOf(Uint8Array);
    expect(stats()).toMatchObject({ kmsCalls: 2, encrypt: { misses: 2, hits: 0 } });
  });

  test('over a real socket is the same, whichever way the connection fails', async () => {
    expect(await inChild('connections.ts', [ORDERS_APP])).toEqual({
      'nothing wrong': ['succeeded', 1],
      'connection-reset': ['KMS_UNAVAILABLE', true, 'ECONNRESET', 2],
      unreachable: ['KMS_UNAVAILABLE', true, 'ECONNRESET', 2],
      'no such host': ['KMS_UNAVAILABLE', true, 'ENOTFOUND', 2],
      'nobody listens': ['KMS_UNAVAILABLE', true, 'ECONNREFUSED', 2],
    });
  });
});

describe('an outage while a data key is refreshed', () => {
  const REAL = [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
    ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
  ];
  const limits = (over: object) => ({ cache: { maxAgeSeconds: 300, maxMessages: 10, maxBytes: 1_000, ...over } });

  test('lets the old data key serve to the end of its messages and not beyond, until KMS comes back', async () => {
    const kms = localKms();
    const box = orders(kms, limits({}));
    const stats = statsOf(box);
    const first = await box.encrypt('0', CONTEXT);
    const outage = kms.local.inject({ fault: { kind: 'unreachable' } });
    for (let index = 1; index < 10; index++) {
      await box.encrypt(`${index}`, CONTEXT);
      await turn();
    }
    expect(outage.fired).toBe(1);
    await expect(box.encrypt('10', CONTEXT)).rejects.toMatchObject({ code: 'KMS_UNAVAILABLE' });
    expect(stats()).toMatchObject({ kmsCalls: 3, encrypt: { refreshes: 1, failedRefreshes: 1, evictions: 1 } });
    outage.remove();
    expect(await box.decrypt(await box.encrypt('10', CONTEXT), CONTEXT, 'text')).toBe('10');
    expect(await box.decrypt(first, CONTEXT, 'text')).toBe('0');
  });

  test.each(['encrypt', 'decrypt'] as const)('lets it %s to the end of its age and not beyond', async (direction) => {
    // Nothing but what the time of day is: timers and turns of the event loop go on.
    jest.useFakeTimers({ now: Date.now(), doNotFake: REAL });
    try {
      const kms = localKms();
      const message = await orders(kms).encrypt('x', CONTEXT);
      const box = orders(kms, limits({ maxMessages: 1_000 }));
      const stats = statsOf(box);
      const call = () => (direction === 'encrypt' ? box.encrypt('x', CONTEXT) : box.decrypt(message, CONTEXT));
      const begun = Date.now();
      const at = (seconds: number) => jest.setSystemTime(begun + seconds * 1_000);
      await call();
      const outage = kms.local.inject({ fault: { kind: 'connection-reset' } });
      at(239);
      await call();
      expect(outage.fired).toBe(0);
      at(241);
      await call();
      await until(() => stats()[direction].failedRefreshes > 0);
      at(299.9);
      await call();
      at(300);
      await expect(call()).rejects.toMatchObject({ code: 'KMS_UNAVAILABLE' });
      expect(stats()[direction]).toMatchObject({ hits: 3, misses: 2, failedRefreshes: 1, evictions: 1 });
      outage.remove();
      await call();
    } finally {
      jest.useRealTimers();
    }
  });

  test('ends with KMS coming back in time: the next data key takes over, and nobody noticed', async () => {
    const kms = localKms();
    const box = orders(kms, limits({}));
    const stats = statsOf(box);
    kms.local.inject({ times: 1, fault: { kind: 'latency', millis: 1 } });
    for (let index = 0; index < 9; index++) await box.encrypt(`${index}`, CONTEXT);
    await until(() => operations(kms).length === 2);
    for (let index = 9; index < 12; index++) await box.encrypt(`${index}`, CONTEXT);
    expect(stats()).toMatchObject({ kmsCalls: 2, encrypt: { refreshes: 1, failedRefreshes: 0, misses: 1 } });
  });
});

describe('an answer that is wrong', () => {
  test.each<[string, FaultKind]>([
    ['names another key', { kind: 'other-key' }],
    ['names the other key of the declaration', { kind: 'other-key', keyId: OTHER_KEY }],
    ['names the key by its id alone', { kind: 'other-key', keyId: KEY.slice(-36) }],
    ['has a data key that is too short', { kind: 'plaintext-length', bytes: 16 }],
    ['has a data key that is too long', { kind: 'plaintext-length', bytes: 33 }],
    ['has an empty data key', { kind: 'plaintext-length', bytes: 0 }],
  ])('because it %s is KMS_ANSWER, wiped, and not kept', async (_case, fault) => {
    const kms = localKms();
    const { client, plaintexts } = watched(kms);
    const box = orders(client, { unwrapKeys: [KEY, OTHER_KEY] });
    const expected = { code: 'KMS_ANSWER', retryable: false, keyArn: KEY };
    kms.local.inject({ times: 1, fault });
    await expect(box.encrypt('x', CONTEXT)).rejects.toMatchObject({ ...expected, action: 'kms:GenerateDataKey' });
    const message = await box.encrypt('x', CONTEXT);
    kms.local.inject({ times: 1, fault });
    await expect(box.decrypt(message, CONTEXT)).rejects.toMatchObject({ ...expected, action: 'kms:Decrypt' });
    expect(await box.decrypt(message, CONTEXT, 'text')).toBe('x');
    expect(operations(kms)).toEqual(['GenerateDataKey', 'GenerateDataKey', 'Decrypt', 'Decrypt']);
    expect(plaintexts.length).toBeGreaterThanOrEqual(2);
    expect(plaintexts.every((plaintext) => plaintext.every((byte) => byte === 0))).toBe(true);
  });
});
