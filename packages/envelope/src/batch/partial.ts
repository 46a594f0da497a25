import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';
import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';
import { checkedConcurrency, concurrently } from './concurrently.ts';
import {
  type BatchOptions,
  type BatchResult,
  decryptMany,
  type Format,
  type Formatted,
  type PickedMessage,
} from './decrypt-many.ts';

/** What a Lambda function answers to an event source whose mapping has `ReportBatchItemFailures`. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** What a batch handler does with each record. */
export interface BatchHandlerOptions<R, C extends EncryptionContext, F extends Format = 'bytes'>
  extends BatchOptions<F> {
  /** The message of a record; `undefined` for a record that has none, which is passed over and counts as done. */
  readonly pick: (record: R) => PickedMessage<C> | undefined;
  /** Does the work. What it throws makes the record a failure, to be delivered again. */
  readonly handle: (plaintext: Formatted<F>, record: R) => Promise<void> | void;
  /**
   * Decides about a record that cannot be decrypted, not now and not later: `fail` leaves it to the event source, which
   * delivers it again until its own limit, then to a dead-letter queue; `skip` counts it as done, which loses it unless
   * this function has put it elsewhere. It is not asked about what somebody can mend: permissions, credentials, the state
   * of a key, the declaration. Default: `fail`.
   */
  readonly onPoison?: (record: R, error: EnvelopeError) => 'fail' | 'skip' | Promise<'fail' | 'skip'>;
  /**
   * Is told why a record failed, once for each that was tried. Default: one line to `console.error`, with identifier
   * and code, without the message of an error that is not this package's.
   */
  readonly onFailure?: (record: R, error: unknown) => void;
}

/** What differs between event sources. */
export interface EventSource<R> {
  /** What the event source knows a record by. */
  readonly identify: (record: R) => string;
  /** Records of one lane are handled one after the other; what follows a failure is not handled. */
  readonly laneOf: (record: R, index: number) => unknown;
}

/** Failures that say nothing against a record: once the role, the key or the declaration is mended, it decrypts. */
const NOT_OF_THE_RECORD: readonly EnvelopeErrorCode[] = [
  'CONFIG',
  'DIRECTION',
  'DISPOSED',
  'NOT_AUTHORIZED',
  'CREDENTIALS',
  'KEY_UNAVAILABLE',
  'KMS_FAILED',
  'KMS_ANSWER',
];

/** A Lambda handler that decrypts the records of an event and answers with those that failed. */
export function batchHandler<R, C extends EncryptionContext, F extends Format>(
  source: EventSource<R>,
  box: Pick<Decryptor<C>, 'decrypt'>,
  options: BatchHandlerOptions<R, C, F>,
): (event: { readonly Records: readonly R[] }) => Promise<BatchResponse> {
  const limit = checkedConcurrency(options.concurrency);
  const report = options.onFailure ?? ((record, error) => console.error(failureLine(source.identify(record), error)));
  return async ({ Records }) => {
    const outcomes = await decrypted(box, Records, options);
    const failed = new Set<R>();
    await concurrently(lanes(source, Records), limit, async (lane) => {
      for (const [position, record] of lane.entries()) {
        const outcome = outcomes.get(record);
        if (outcome === undefined || (await done(outcome, options, report))) continue;
        for (const rest of lane.slice(position)) failed.add(rest);
        return;
      }
    });
    for (const record of failed) wipe(outcomes.get(record));
    return {
      batchItemFailures: Records.filter((record) => failed.has(record)).map((record) => ({
        itemIdentifier: source.identify(record),
      })),
    };
  };
}

/** The results of those records that have a message. */
async function decrypted<R, C extends EncryptionContext, F extends Format>(
  box: Pick<Decryptor<C>, 'decrypt'>,
  records: readonly R[],
  options: BatchHandlerOptions<R, C, F>,
): Promise<Map<R, BatchResult<R, Formatted<F>>>> {
  const picks = new Map<R, () => PickedMessage<C>>();
  for (const record of records) {
    try {
      const picked = options.pick(record);
      if (picked !== undefined) picks.set(record, () => picked);
    } catch (error) {
      picks.set(record, () => {
        throw error;
      });
    }
  }
  const results = await decryptMany(
    box,
    picks.keys(),
    (record) => (picks.get(record) as () => PickedMessage<C>)(),
    options,
  );
  return new Map(results.map((result) => [result.record, result]));
}

async function done<R, C extends EncryptionContext, F extends Format>(
  outcome: BatchResult<R, Formatted<F>>,
  { handle, onPoison }: BatchHandlerOptions<R, C, F>,
  report: (record: R, error: unknown) => void,
): Promise<boolean> {
  const { record } = outcome;
  try {
    if (outcome.ok) {
      await handle(outcome.plaintext, record);
      return true;
    }
    const { error } = outcome;
    const isPoison = !error.retryable && !NOT_OF_THE_RECORD.includes(error.code);
    if (isPoison && onPoison !== undefined && (await onPoison(record, error)) === 'skip') return true;
    throw error;
  } catch (error) {
    report(record, error);
    return false;
  }
}

function lanes<R>({ laneOf }: EventSource<R>, records: readonly R[]): Iterable<R[]> {
  const byLane = new Map<unknown, R[]>();
  for (const [index, record] of records.entries()) {
    const lane = laneOf(record, index);
    byLane.set(lane, [...(byLane.get(lane) ?? []), record]);
  }
  return byLane.values();
}

function wipe(outcome: BatchResult<unknown, unknown> | undefined): void {
  if (outcome?.ok === true && outcome.plaintext instanceof Uint8Array) outcome.plaintext.fill(0);
}

function failureLine(identifier: string, error: unknown): string {
  const reason =
    error instanceof EnvelopeError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? error.name
        : typeof error;
  return `record ${identifier} failed: ${reason}`;
}
