import { getEventListeners } from 'node:events';
import type { KmsClient } from '../src/kms/client.ts';
import { statsOf } from '../src/stats.ts';
import { within } from '../src/within.ts';
import { localKms, operations, type TestKms, until } from './kms.ts';
import { orders } from './orders.ts';

/*
 * What an envelope does when KMS is slow: latency is injected into the local KMS, and waits end in one way or another.
 * Both clocks and the timers stand still until a test lets time go by, so that a slow machine changes nothing.
 */

const CONTEXT = { tenant: 'a' };
const HOUR = 3_600_000;

/** Turns of the event loop go on, and `until` counts by a clock that goes on as well. */
const REAL = ['nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;
beforeEach(() => void jest.useFakeTimers({ now: Date.now(), doNotFake: [...REAL] }));
afterEach(() => void jest.useRealTimers());
const lets = (millis: number) => jest.advanceTimersByTimeAsync(millis);

const used: TestKms[] = [];
/** Whoever still waits for an answer, because a test failed, gets none: nothing keeps the run alive. */
afterEach(() => Promise.all(used.splice(0).map(({ local }) => local.close())));

/** A client all of whose calls are so slow, and which of them were given up. */
function slow(millis: number, kms: TestKms = localKms()) {
  used.push(kms);
  const latency = kms.local.inject({ fault: { kind: 'latency', millis } });
  const signals: (AbortSignal | undefined)[] = [];
  const client: KmsClient = {
    send: (command, options) => {
      signals.push(options?.abortSignal);
      return (kms as KmsClient).send(command, options);
    },
  };
  const arrived = () => until(() => latency.fired > 0);
  return { kms, latency, client, arrived, aborted: () => signals.map((signal) => signal?.aborted ?? false) };
}

describe('a call that may not wait long', () => {
  test.each([
    ['its own deadline', {}, () => within({ deadline: Date.now() + 20 })],
    ['the time that the envelope gives every call', within({ timeoutMillis: 20 }), () => ({})],
  ])('fails by %s with DEADLINE, and the request is given up', async (_case, options, call) => {
    const { client, aborted, arrived } = slow(HOUR);
    const encrypting = orders(client, {}, options).encrypt('x', CONTEXT, call());
    const failed = expect(encrypting).rejects.toMatchObject({ code: 'DEADLINE', retryable: true });
    await arrived();
    await lets(19);
    expect(aborted()).toEqual([false]);
    await lets(1);
    await failed;
    expect(aborted()).toEqual([true]);
  });

  test.each(['encrypt', 'decrypt', 'prefetch'] as const)('fails in %s, too', async (direction) => {
    const kms = localKms();
    const box = orders(kms);
    const message = await orders(kms).encrypt('x', CONTEXT);
    const { arrived } = slow(HOUR, kms);
    const options = within({ deadline: Date.now() + 20 });
    const call = {
      encrypt: () => box.encrypt('x', CONTEXT, options),
      decrypt: () => box.decrypt(message, CONTEXT, 'bytes', options),
      prefetch: () => box.prefetch(CONTEXT, options),
    }[direction];
    const failed = expect(call()).rejects.toMatchObject({ code: 'DEADLINE' });
    await arrived();
    await lets(20);
    await failed;
  });

  test.each([
    ['its own signal', (signal: AbortSignal) => [{}, within({ signal })] as const],
    ['the signal of the envelope', (signal: AbortSignal) => [within({ signal }), {}] as const],
  ])('is ended by %s with ABORTED, and the request is given up', async (_case, give) => {
    const { client, aborted, arrived } = slow(HOUR);
    const abort = new AbortController();
    const [options, call] = give(abort.signal);
    const box = orders(client, {}, options);
    const encrypting = box.encrypt('x', CONTEXT, call);
    encrypting.catch(() => undefined);
    await arrived();
    expect(aborted()).toEqual([false]);
    abort.abort();
    await expect(encrypting).rejects.toMatchObject({ code: 'ABORTED', retryable: true });
    expect(aborted()).toEqual([true]);
  });

  test('gives up alone: who waits for the same data key is served by the same request', async () => {
    const { client, kms, aborted, arrived } = slow(100);
    const box = orders(client);
    const stats = statsOf(box);
    const abort = new AbortController();
    const patient = [box.encrypt('1', CONTEXT), box.encrypt('2', CONTEXT)];
    const hasty = [
      box.encrypt('3', CONTEXT, within({ signal: abort.signal })),
      box.encrypt('4', CONTEXT, within({ deadline: Date.now() + 10 })),
    ];
    const settled = Promise.allSettled(hasty);
    await arrived();
    abort.abort();
    await lets(10);
    expect((await settled).map((outcome) => 'reason' in outcome && outcome.reason.code)).toEqual([
      'ABORTED',
      'DEADLINE',
    ]);
    expect(aborted()).toEqual([false]);
    await lets(90);
    for (const message of await Promise.all(patient)) expect(message).toBeInstanceOf(Uint8Array);
    expect(operations(kms)).toEqual(['GenerateDataKey']);
    expect(stats().encrypt).toMatchObject({ misses: 1, coalesced: 3 });
  });

  test('gives up the request with the last one who waits', async () => {
    const { client, aborted, arrived } = slow(HOUR);
    const box = orders(client);
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) => box.encrypt('x', CONTEXT, within({ signal })));
    const settled = Promise.allSettled(calls);
    await arrived();
    first.abort();
    await expect(calls[0]).rejects.toMatchObject({ code: 'ABORTED' });
    expect(aborted()).toEqual([false]);
    second.abort();
    await settled;
    expect(aborted()).toEqual([true]);
  });

  test('leaves nothing behind: the next one asks anew', async () => {
    const { client, kms, latency, arrived } = slow(HOUR);
    const box = orders(client);
    const encrypting = box.encrypt('x', CONTEXT, within({ deadline: Date.now() + 10 }));
    const failed = expect(encrypting).rejects.toMatchObject({ code: 'DEADLINE' });
    await arrived();
    await lets(10);
    await failed;
    latency.remove();
    expect(await box.decrypt(await box.encrypt('x', CONTEXT), CONTEXT, 'text')).toBe('x');
    expect(operations(kms)).toEqual(['GenerateDataKey', 'GenerateDataKey', 'Decrypt']);
  });

  test('leaves no listener on a signal, and never has more than one there', async () => {
    const { client } = slow(HOUR);
    const box = orders(client);
    const { signal } = new AbortController();
    const warnings: string[] = [];
    const warn = ({ name }: Error): number => warnings.push(name);
    process.on('warning', warn);
    const shared = box.encrypt('x', CONTEXT);
    shared.catch(() => undefined);
    const calls = Array.from({ length: 20 }, () => box.encrypt('x', CONTEXT, within({ signal, timeoutMillis: 10 })));
    const settled = Promise.allSettled(calls);
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    await lets(10);
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  test('is not made longer by a wall clock that is put back', async () => {
    const { client, arrived } = slow(HOUR);
    const calling = orders(client).encrypt('x', CONTEXT, within({ timeoutMillis: 20 }));
    const failed = expect(calling).rejects.toMatchObject({ code: 'DEADLINE' });
    await arrived();
    jest.setSystemTime(Date.now() - HOUR);
    await lets(20);
    await failed;
  });

  test('spends its time on the attempts of the SDK as well', async () => {
    const kms = localKms({ maxAttempts: 10 });
    kms.local.inject({ fault: { kind: 'error', exception: 'ThrottlingException' } });
    const box = orders(kms);
    const call = box.encrypt('x', CONTEXT, within({ deadline: Date.now() + 30 }));
    const failed = expect(call).rejects.toMatchObject({ code: 'DEADLINE' });
    await until(() => kms.calls.length > 0);
    await lets(30);
    await failed;
    expect(kms.calls.length).toBeLessThan(10);
  });
});

test('an envelope that is disposed of lets running calls end as they will, and begins none', async () => {
  const { client, aborted, arrived, kms } = slow(HOUR);
  const box = orders(client);
  const encrypting = box.encrypt('x', CONTEXT);
  const failed = expect(encrypting).rejects.toMatchObject({ code: 'KMS_UNAVAILABLE' });
  await arrived();
  box.dispose();
  expect(aborted()).toEqual([false]);
  await kms.local.close();
  await failed;
  await expect(box.encrypt('x', CONTEXT)).rejects.toMatchObject({ code: 'DISPOSED' });
});
