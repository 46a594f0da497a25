// The arithmetic of a benchmark, apart from anything that takes time.

/** One round of one case: how often it ran, and what that took. */
export interface Sample {
  /** Operations in this round. */
  readonly operations: number;
  /** CPU time of the whole process, user and system, in microseconds. */
  readonly cpuMicros: number;
  /** Time on the clock, in microseconds. */
  readonly wallMicros: number;
}

/** What the rounds of one case come to. Times are microseconds per operation. */
export interface Summary {
  readonly name: string;
  readonly rounds: number;
  readonly operationsPerRound: number;
  /** Median of the CPU time. */
  readonly cpuMicros: number;
  /** Median absolute deviation of the CPU time: half of the rounds are closer to the median than this. */
  readonly cpuMad: number;
  /** Median of the time on the clock. */
  readonly wallMicros: number;
  /** Median absolute deviation of the time on the clock. */
  readonly wallMad: number;
  /** Operations in a second of the clock, at the median. */
  readonly operationsPerSecond: number;
  /** How many times the CPU time of the baseline this is: the median over the rounds. 1 is the baseline, 2 is twice as long. */
  readonly ratio: number;
}

/**
 * The value in the middle; of an even number of values, the mean of the two in the middle.
 *
 * @throws RangeError when there is no value
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError('median of no values');
  }
  return (lower + upper) / 2;
}

/**
 * Median absolute deviation: the median of the distances from the median. One wild round does not move it.
 *
 * @throws RangeError when there is no value
 */
export function mad(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/**
 * Sums up the samples of one case. Ratios are taken round by round, since what disturbs a round disturbs the case and
 * the baseline in it alike, and only then their median.
 *
 * @param samples - one for each round
 * @param baseline - those of the baseline, for the same rounds
 * @throws RangeError when there is no sample, or not one of the baseline for each
 */
export function summarize(name: string, samples: readonly Sample[], baseline: readonly Sample[]): Summary {
  if (samples.length !== baseline.length) {
    throw new RangeError(`${samples.length} rounds cannot be compared with ${baseline.length} of the baseline`);
  }
  const cpu = samples.map(cpuPerOperation);
  const wall = samples.map((sample) => sample.wallMicros / sample.operations);
  const baselineCpu = baseline.map(cpuPerOperation);
  const wallMicros = median(wall);
  return {
    name,
    rounds: samples.length,
    operationsPerRound: median(samples.map((sample) => sample.operations)),
    cpuMicros: median(cpu),
    cpuMad: mad(cpu),
    wallMicros,
    wallMad: mad(wall),
    operationsPerSecond: 1e6 / wallMicros,
    ratio: median(cpu.map((micros, round) => micros / (baselineCpu[round] ?? Number.NaN))),
  };
}

/**
 * How many operations fill a round, judged by a trial: at least one, however slow.
 *
 * @param trialOperations - how many operations the trial made
 * @param trialMicros - what they took, in microseconds on the clock
 * @param roundMicros - how long a round is to be
 */
export function operationsFor(roundMicros: number, trialOperations: number, trialMicros: number): number {
  return Math.max(1, Math.round((roundMicros * trialOperations) / Math.max(trialMicros, 1)));
}

function cpuPerOperation(sample: Sample): number {
  return sample.cpuMicros / sample.operations;
}
