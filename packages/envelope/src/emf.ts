import type { CacheStats, EnvelopeStats, KmsStats } from './stats.ts';

/** What {@link embeddedMetrics} writes besides the numbers. */
export interface EmbeddedMetricsOptions {
  /** CloudWatch namespace, 1 to 255 characters. Default: `Keysmith`. */
  readonly namespace?: string;
  /** Dimensions, at most 30 names with non-empty values, for example the function and the envelope. Default: none. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Earlier stats of the same envelope: only what came since is written. Default: everything. */
  readonly since?: EnvelopeStats;
  /** Milliseconds since 1970. Default: now. */
  readonly timestamp?: number;
}

type Metric = readonly [name: string, unit: 'Count' | 'Milliseconds', value: (stats: EnvelopeStats) => number];

const both = (counter: keyof CacheStats) => (stats: EnvelopeStats) => stats.encrypt[counter] + stats.decrypt[counter];
const kms = (counter: 'requests' | 'failures' | 'throttled' | 'millis') => (stats: EnvelopeStats) =>
  stats.kms.reduce((total: number, row: KmsStats) => total + row[counter], 0);

const METRICS: readonly Metric[] = [
  ['DataKeyHits', 'Count', both('hits')],
  ['DataKeyCoalesced', 'Count', both('coalesced')],
  ['DataKeyMisses', 'Count', both('misses')],
  ['DataKeyRefreshes', 'Count', both('refreshes')],
  ['DataKeyRefreshesFailed', 'Count', both('failedRefreshes')],
  ['KmsCalls', 'Count', ({ kmsCalls }) => kmsCalls],
  ['KmsRequests', 'Count', kms('requests')],
  ['KmsFailures', 'Count', kms('failures')],
  ['KmsThrottled', 'Count', kms('throttled')],
  ['KmsTime', 'Milliseconds', kms('millis')],
];

/**
 * The counters of an envelope as one line of CloudWatch's embedded metric format, without a line end. Write it to
 * standard output at the end of an invocation with `process.stdout.write`: where Lambda logs in JSON, `console.log`
 * would wrap it.
 * @param stats - what the function reads that `statsOf` answers with
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(stats: EnvelopeStats, options: EmbeddedMetricsOptions = {}): string {
  const { namespace = 'Keysmith', dimensions = {}, since, timestamp = Date.now() } = options;
  const values = METRICS.map(([name, , value]) => [name, value(stats) - (since === undefined ? 0 : value(since))]);
  return JSON.stringify({
    ...dimensions,
    ...Object.fromEntries(values),
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: METRICS.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
  });
}
