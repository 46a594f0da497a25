import type { EnvelopeStats, KmsStats } from './stats.ts';

/**
 * Price of 10,000 requests with symmetric keys in US dollars, as published in November 2026 for most Regions; the free
 * tier, taxes and the monthly price of the keys are left out.
 * @see https://aws.amazon.com/kms/pricing/
 */
export const KMS_USD_PER_10_000_REQUESTS = 0.03;

/**
 * Default quota of cryptographic operations with symmetric keys, requests a second for each account and Region, as
 * published in November 2026. All callers in the account share it, S3, SQS and DynamoDB among them, and it can be
 * raised: Service Quotas knows the quota of an account.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
 */
export const KMS_DEFAULT_QUOTA = 10_000;

/** The Regions whose default quota is another one. */
export const KMS_REGION_QUOTAS: Readonly<Record<string, number>> = {
  'us-east-1': 100_000,
  'us-west-2': 100_000,
  'eu-west-1': 100_000,
  'us-east-2': 20_000,
  'ap-southeast-1': 20_000,
  'ap-southeast-2': 20_000,
  'ap-northeast-1': 20_000,
  'eu-central-1': 20_000,
  'eu-west-2': 20_000,
};

/** What one execution environment takes of the quota of a Region. */
export interface QuotaShare {
  readonly region: string;
  /** Requests a second, on average since the beginning. */
  readonly requestsPerSecond: number;
  /** Requests a second that the Region allows by default. */
  readonly quotaPerSecond: number;
  /** The one as a part of the other, 0 to 1, for one execution environment: multiply by how many run at once. */
  readonly share: number;
}

/** What the KMS calls of one envelope come to. An estimate: see the constants that it rests on. */
export interface CostEstimate {
  /** Requests since the beginning, retries included. */
  readonly requests: number;
  /** US dollars since the beginning. */
  readonly usd: number;
  /** US dollars that 1,000,000 calls of the envelope cost at this rate of hits; 0 when there were no calls. */
  readonly usdPerMillionCalls: number;
  /** US dollars that 1,000,000 calls would cost with a KMS call each. */
  readonly usdPerMillionCallsUncached: number;
  /** One row for each Region. */
  readonly quota: readonly QuotaShare[];
}

/**
 * Estimates cost and quota share of an envelope's KMS calls.
 * @param stats - what the function reads that `statsOf` answers with
 * @param now - milliseconds since 1970, the end of the time over which rates are taken. Default: now
 */
export function estimateCost(stats: EnvelopeStats, now: number = Date.now()): CostEstimate {
  // A burst in the first moments would pass for a rate that nobody has.
  const seconds = Math.max(1, (now - stats.since) / 1000);
  const requests = sum(stats.kms);
  const calls = [stats.encrypt, stats.decrypt].reduce(
    (n, { hits, coalesced, misses }) => n + hits + coalesced + misses,
    0,
  );
  const usd = priceOf(requests);
  const regions = [...new Set(stats.kms.map(({ region }) => region))];
  return {
    requests,
    usd,
    usdPerMillionCalls: calls === 0 ? 0 : (usd / calls) * 1_000_000,
    usdPerMillionCallsUncached: priceOf(1_000_000),
    quota: regions.map((region) => {
      const requestsPerSecond = sum(stats.kms.filter((row) => row.region === region)) / seconds;
      const quotaPerSecond = KMS_REGION_QUOTAS[region] ?? KMS_DEFAULT_QUOTA;
      return { region, requestsPerSecond, quotaPerSecond, share: requestsPerSecond / quotaPerSecond };
    }),
  };
}

function sum(rows: readonly KmsStats[]): number {
  return rows.reduce((total, row) => total + row.requests, 0);
}

function priceOf(requests: number): number {
  return (requests / 10_000) * KMS_USD_PER_10_000_REQUESTS;
}
