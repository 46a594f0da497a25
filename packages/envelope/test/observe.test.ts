import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type EnvelopeEvents,
  type EnvelopeStats,
  embeddedMetrics,
  estimateCost,
  KMS_USD_PER_10_000_REQUESTS,
  statsOf,
} from '../src/index.ts';
import { localKms, type TestKms, THROTTLING } from './kms.ts';
import { orders } from './orders.ts';
import { KEY } from './settings.ts';

const KINDS = ['hit', 'coalesced', 'miss', 'refresh', 'refresh-failed', 'evict', 'kms', 'throttle'] as const;

/** What is published on all channels while `work` runs. */
async function published(work: () => Promise<unknown>): Promise<[kind: string, event: unknown][]> {
  const heard: [string, unknown][] = [];
  const listeners = KINDS.map((kind) => {
    const name: keyof EnvelopeEvents = `keysmith:envelope:${kind}`;
    return { name, listen: (event: unknown) => void heard.push([kind, event]) };
  });
  for (const { name, listen } of listeners) subscribe(name, listen);
  try {
    await work();
  } finally {
    for (const { name, listen } of listeners) unsubscribe(name, listen);
  }
  return heard;
}

function throttledKms(): TestKms {
  const kms = localKms();
  kms.local.inject({ fault: THROTTLING });
  return kms;
}

describe('stats', () => {
  test('count what the caches did and what KMS was asked for', async () => {
    const box = orders(localKms());
    const stats = statsOf(box);
    const [message] = await Promise.all([1, 2, 3].map(() => box.encrypt('x', { tenant: 'a' })));
    await box.encrypt('x', { tenant: 'a' });
    await box.decrypt(message ?? '', { tenant: 'a' });
    expect(stats()).toMatchObject({
      encrypt: { hits: 1, coalesced: 2, misses: 1, refreshes: 0, failedRefreshes: 0, evictions: 0 },
      decrypt: { hits: 0, coalesced: 0, misses: 1 },
      kmsCalls: 2,
      kms: [
        { action: 'kms:GenerateDataKey', region: 'eu-west-1', calls: 1, requests: 1, failures: 0, throttled: 0 },
        { action: 'kms:Decrypt', region: 'eu-west-1', calls: 1, requests: 1, failures: 0, throttled: 0 },
      ],
    });
    box.dispose();
    expect(stats()).toMatchObject({ encrypt: { evictions: 1 }, decrypt: { evictions: 1 } });
  });

  test('are a copy: what happens later does not change them', async () => {
    const box = orders(localKms());
    const stats = statsOf(box);
    const before = stats();
    await box.encrypt('x', { tenant: 'a' });
    expect([before.kmsCalls, before.encrypt.misses, before.kms]).toEqual([0, 0, []]);
  });

  test('count throttling apart from other failures', async () => {
    const box = orders(throttledKms());
    const stats = statsOf(box);
    await expect(box.encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(stats().kms).toMatchObject([{ calls: 1, requests: 1, failures: 1, throttled: 1 }]);
  });
});

describe('events', () => {
  test('say what happened on channels of their own, without plaintext, keys or context', async () => {
    const box = orders(localKms());
    const heard = await published(async () => {
      await Promise.all([1, 2].map(() => box.encrypt('plaintext-x', { tenant: 'tenant-a' })));
      await box.encrypt('plaintext-x', { tenant: 'tenant-a' });
      box.dispose();
    });
    expect(heard.map(([kind]) => kind)).toEqual(['miss', 'coalesced', 'kms', 'hit', 'evict']);
    expect(heard[0]?.[1]).toEqual({ envelope: 'KEYSMITH_ENVELOPE_Orders', direction: 'encrypt' });
    expect(heard[2]?.[1]).toEqual({
      envelope: 'KEYSMITH_ENVELOPE_Orders',
      action: 'kms:GenerateDataKey',
      keyArn: KEY,
      durationMillis: expect.any(Number),
      attempts: 1,
    });
    expect(JSON.stringify(heard)).not.toMatch(/plaintext-x|tenant-a/);
  });

  test('tell a failed call by its code, and throttling apart', async () => {
    const heard = await published(() =>
      orders(throttledKms())
        .encrypt('x', { tenant: 'a' })
        .catch(() => undefined),
    );
    expect(heard.map(([kind]) => kind)).toEqual(['miss', 'kms', 'throttle']);
    expect(heard[2]?.[1]).toMatchObject({ code: 'THROTTLED', attempts: 1 });
  });
});

const NOTHING = { hits: 0, coalesced: 0, misses: 0, refreshes: 0, failedRefreshes: 0, evictions: 0 };
const ROW = { action: 'kms:Decrypt', region: 'eu-west-1', calls: 0, requests: 0, failures: 0, throttled: 0, millis: 0 };

function statsWith(over: Partial<EnvelopeStats>): EnvelopeStats {
  return { since: 0, encrypt: NOTHING, decrypt: NOTHING, kmsCalls: 0, kms: [], ...over };
}

describe('the metrics of CloudWatch', () => {
  test('are one line of JSON in the embedded metric format', () => {
    const stats = statsWith({
      encrypt: { ...NOTHING, hits: 3 },
      decrypt: { ...NOTHING, hits: 4 },
      kmsCalls: 2,
      kms: [{ ...ROW, calls: 2, requests: 3, throttled: 1, millis: 12.5 }],
    });
    const line = embeddedMetrics(stats, { dimensions: { Envelope: 'Orders' }, timestamp: 1_000 });
    expect(line).not.toContain('\n');
    const { _aws, ...members } = JSON.parse(line);
    expect(members).toMatchObject({ Envelope: 'Orders', DataKeyHits: 7, KmsCalls: 2, KmsRequests: 3, KmsTime: 12.5 });
    expect(_aws).toMatchObject({
      Timestamp: 1_000,
      CloudWatchMetrics: [{ Namespace: 'Keysmith', Dimensions: [['Envelope']] }],
    });
    const names = _aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
    expect(['Envelope', ...names].sort()).toEqual(Object.keys(members).sort());
  });

  test('count from earlier stats on', () => {
    const since = statsWith({ kmsCalls: 5 });
    expect(JSON.parse(embeddedMetrics(statsWith({ kmsCalls: 7 }), { since }))).toMatchObject({ KmsCalls: 2 });
  });
});

describe('the estimate of cost', () => {
  test('multiplies requests by the price, and shares the quota by Region', () => {
    const stats = statsWith({
      encrypt: { ...NOTHING, hits: 90, misses: 10 },
      kms: [
        { ...ROW, requests: 6 },
        { ...ROW, action: 'kms:GenerateDataKey', requests: 2 },
        { ...ROW, region: 'eu-north-1', requests: 2 },
      ],
    });
    const estimate = estimateCost(stats, 10_000);
    expect(estimate.requests).toBe(10);
    expect(estimate.usd).toBeCloseTo(KMS_USD_PER_10_000_REQUESTS / 1000);
    expect(estimate.usdPerMillionCalls).toBeCloseTo(estimate.usdPerMillionCallsUncached / 10);
    expect(estimate.quota).toEqual([
      { region: 'eu-west-1', requestsPerSecond: 0.8, quotaPerSecond: 100_000, share: 0.8 / 100_000 },
      { region: 'eu-north-1', requestsPerSecond: 0.2, quotaPerSecond: 10_000, share: 0.2 / 10_000 },
    ]);
  });

  test('is nothing before the first call', () => {
    expect(estimateCost(statsWith({ since: Date.now() }))).toMatchObject({ usd: 0, usdPerMillionCalls: 0, quota: [] });
  });
});
