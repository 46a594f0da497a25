import { checkedConcurrency } from '../batch/concurrently.ts';
import { asEnvelopeError, type PickedMessage } from '../batch/decrypt-many.ts';
import type { EncryptionContext } from '../context.ts';
import type { EnvelopeError } from '../errors.ts';
import { type ReencryptOptions, reencrypt } from './reencrypt.ts';
import { isStale, type MessageFacts, type StalePolicy } from './stale.ts';

/** What is known of one record of the source. */
export interface PickedForReencryption<C extends EncryptionContext, D extends EncryptionContext = C>
  extends PickedMessage<C> {
  /** As for {@link reencrypt}. */
  readonly newContext?: D;
  /** What the policy needs to know and the message does not say. Default: nothing. */
  readonly facts?: MessageFacts;
}

/** How {@link reencryptMany} works. `Cursor` is whatever the source can begin again from. */
export interface ReencryptManyOptions<R, C extends EncryptionContext, Cursor, D extends EncryptionContext = C>
  extends Pick<ReencryptOptions<C, D>, 'from' | 'to' | 'call'> {
  /** The message of a record. What it throws is the record's failure. */
  readonly pick: (record: R) => PickedForReencryption<C, D>;
  /** The place of a record in the source, for example its key. */
  readonly cursor: (record: R) => Cursor;
  /** Begin after this place: the last cursor that an earlier run has noted. Default: begin at the beginning. */
  readonly after?: Cursor;
  /** Only messages that this finds stale, or cannot decide about, are re-encrypted. Default: all are. */
  readonly policy?: StalePolicy;
  /** Messages that are worked on ahead of the one handed out, 1 to 1,000. Default: 16. */
  readonly concurrency?: number;
}

/** How far a run of {@link reencryptMany} has come, this record included. */
export interface ReencryptProgress {
  readonly done: number;
  readonly reencrypted: number;
  /** Not stale, and left as they are. */
  readonly current: number;
  readonly failed: number;
}

/** What became of one record. Whoever receives it writes the new message to its place, then notes the cursor. */
export type ReencryptStep<R, Cursor> = {
  readonly record: R;
  readonly cursor: Cursor;
  readonly progress: ReencryptProgress;
} & Outcome;

type Outcome =
  | { readonly outcome: 'reencrypted'; readonly message: Uint8Array }
  | { readonly outcome: 'current' }
  | { readonly outcome: 'failed'; readonly error: EnvelopeError };

/**
 * Re-encrypts the messages of a source one after the other, and can be interrupted at any time: steps come in the order
 * of the source, so that the cursor of the last one that was dealt with is where the next run begins. A record that
 * fails does not end the run; stop at a failure that is `retryable` and begin again later. Write the new message on the
 * condition that the old one is still there, since records may change meanwhile.
 * @param source - the records after a cursor, or all of them, always in the same order. What it throws ends the run
 * @param options - envelopes, policy, where to begin
 * @throws EnvelopeError `CONFIG` for a concurrency out of range
 */
export async function* reencryptMany<R, C extends EncryptionContext, Cursor, D extends EncryptionContext = C>(
  source: (after: Cursor | undefined) => Iterable<R> | AsyncIterable<R>,
  options: ReencryptManyOptions<R, C, Cursor, D>,
): AsyncGenerator<ReencryptStep<R, Cursor>, ReencryptProgress, void> {
  const limit = checkedConcurrency(options.concurrency);
  const count = { done: 0, reencrypted: 0, current: 0, failed: 0 };
  const ahead: { record: R; outcome: Promise<Outcome> }[] = [];
  const next = async (): Promise<ReencryptStep<R, Cursor> | undefined> => {
    const first = ahead.shift();
    if (first === undefined) return undefined;
    const outcome = await first.outcome;
    count.done += 1;
    count[outcome.outcome] += 1;
    return { record: first.record, cursor: options.cursor(first.record), progress: { ...count }, ...outcome };
  };
  for await (const record of source(options.after)) {
    ahead.push({ record, outcome: outcomeOf(record, options) });
    if (ahead.length < limit) continue;
    const step = await next();
    if (step !== undefined) yield step;
  }
  for (let step = await next(); step !== undefined; step = await next()) yield step;
  return { ...count };
}

async function outcomeOf<R, C extends EncryptionContext, Cursor, D extends EncryptionContext>(
  record: R,
  { pick, policy, from, to, call }: ReencryptManyOptions<R, C, Cursor, D>,
): Promise<Outcome> {
  try {
    const { message, context, newContext, facts } = pick(record);
    if (policy !== undefined && isCurrent(message, policy, facts)) return { outcome: 'current' };
    const options = {
      from,
      to,
      context,
      ...(newContext === undefined ? {} : { newContext }),
      ...(call === undefined ? {} : { call }),
    };
    return { outcome: 'reencrypted', message: await reencrypt<C, D>(message, options) };
  } catch (error) {
    return { outcome: 'failed', error: asEnvelopeError(error) };
  }
}

/** What is no message at all is not current: a migration reader may know what it is. */
function isCurrent(message: Uint8Array | string, policy: StalePolicy, facts: MessageFacts | undefined): boolean {
  try {
    return isStale(message, policy, facts).stale === false;
  } catch (error) {
    if (asEnvelopeError(error).code === 'NOT_A_MESSAGE') return false;
    throw error;
  }
}
