import { createHash } from 'node:crypto';
import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';
import { EnvelopeError } from '../errors.ts';
import { EVERY_FORMAT } from '../formats/every.ts';
import { parseHeader } from '../header.ts';
import { messageBytes, type PlaintextFormat, type PlaintextReader } from '../input.ts';
import { contextPartition } from '../partition.ts';
import type { CallOptions } from '../patience.ts';
import { contextNow } from '../rules.ts';
import { checkedConcurrency, concurrently } from './concurrently.ts';

/** The message of a record, and what it has to be bound to. */
export interface PickedMessage<C extends EncryptionContext = EncryptionContext> {
  /** Bytes, or base64 text. */
  readonly message: Uint8Array | string;
  /** As for {@link Decryptor.decrypt}. */
  readonly context: C;
}

/** What plaintexts can be made into. */
export type Format = PlaintextFormat | PlaintextReader<unknown>;

/** What a plaintext becomes in a format. */
export type Formatted<F extends Format> =
  F extends PlaintextReader<infer T> ? T : F extends 'text' ? string : F extends 'json' ? unknown : Uint8Array;

/** How {@link decryptMany} works. */
export interface BatchOptions<F extends Format = 'bytes'> {
  /** Messages that are worked on at once, 1 to 1,000. Default: 16. */
  readonly concurrency?: number;
  /** What every plaintext becomes. Default: bytes. */
  readonly format?: F;
  /** How long to wait for data keys. Default: as the envelope's options say. */
  readonly call?: CallOptions;
}

/** What became of one record. */
export type BatchResult<R, P> =
  | { readonly record: R; readonly ok: true; readonly plaintext: P }
  | { readonly record: R; readonly ok: false; readonly error: EnvelopeError };

/**
 * Decrypts the messages of many records with one KMS call for each distinct data key, as long as the envelope's cache
 * is on. One record's failure is that record's result; a failed KMS call is the result of all that it was for.
 * @param box - decrypts
 * @param records - in any number; all plaintexts are in memory at the end
 * @param pick - the message of a record. What it throws is the record's result, as the cause of `INVALID_INPUT`
 * @param options - concurrency, format, deadline
 * @returns a result for each record, in the order of the records
 * @throws EnvelopeError `CONFIG` for a concurrency out of range; nothing else
 */
export async function decryptMany<R, C extends EncryptionContext, const F extends Format = 'bytes'>(
  box: Pick<Decryptor<C>, 'decrypt'>,
  records: Iterable<R>,
  pick: (record: R) => PickedMessage<C>,
  options: BatchOptions<F> = {},
): Promise<BatchResult<R, Formatted<F>>[]> {
  const limit = checkedConcurrency(options.concurrency);
  const tasks = Array.from(records, (record) => taskOf(record, pick));
  const decrypt = box.decrypt.bind(box) as (...args: unknown[]) => Promise<Formatted<F>>;
  const results: BatchResult<R, Formatted<F>>[] = [];
  const settle = async ({ record, picked }: Task<R, C>, index: number): Promise<EnvelopeError | undefined> => {
    try {
      if (picked instanceof EnvelopeError) throw picked;
      const plaintext = await decrypt(picked.message, picked.context, options.format, options.call);
      results[index] = { record, ok: true, plaintext };
      return undefined;
    } catch (error) {
      results[index] = { record, ok: false, error: asEnvelopeError(error) };
      return asEnvelopeError(error);
    }
  };

  // One message of each data key goes ahead. Then the data key is there, or is known not to be.
  const waiting: number[] = [];
  await concurrently(byDataKey(tasks).values(), limit, async (group) => {
    for (const [position, index] of group.entries()) {
      const error = await settle(tasks[index] as Task<R, C>, index);
      const rest = group.slice(position + 1);
      if (error === undefined || error.code.startsWith('PLAINTEXT')) {
        waiting.push(...rest);
        return;
      }
      if (error.action !== undefined) {
        for (const other of rest) results[other] = { record: (tasks[other] as Task<R, C>).record, ok: false, error };
        return;
      }
    }
  });
  await concurrently(waiting, limit, async (index) => {
    await settle(tasks[index] as Task<R, C>, index);
  });
  return results;
}

interface Task<R, C extends EncryptionContext> {
  readonly record: R;
  readonly picked: PickedMessage<C> | EnvelopeError;
}

function taskOf<R, C extends EncryptionContext>(record: R, pick: (record: R) => PickedMessage<C>): Task<R, C> {
  try {
    const { message, context } = pick(record);
    return { record, picked: { message, context: contextNow(context) } };
  } catch (error) {
    return { record, picked: asEnvelopeError(error) };
  }
}

/** What went wrong with one record; what is not of this package came from the function that picks its message. */
export function asEnvelopeError(error: unknown): EnvelopeError {
  if (error instanceof EnvelopeError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new EnvelopeError('INVALID_INPUT', `the message of the record could not be picked: ${name}`, { cause: error });
}

/**
 * Positions of the tasks whose messages share a data key and are asked for under the same context, which with a binding to
 * unstored names decides with what KMS is asked; those that are no messages are on their own.
 */
function byDataKey(tasks: readonly Task<unknown, EncryptionContext>[]): Map<string | number, number[]> {
  const groups = new Map<string | number, number[]>();
  for (const [index, { picked }] of tasks.entries()) {
    const key = picked instanceof EnvelopeError ? index : (sharedDigest(picked) ?? index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return groups;
}

function sharedDigest({ message, context }: PickedMessage): string | undefined {
  try {
    const { suite, sharedSection } = parseHeader(messageBytes(message), 65_535, EVERY_FORMAT.suites);
    const asked = contextPartition(context);
    return createHash('sha256').update(`${suite.id}\n`).update(sharedSection).update(asked).digest('base64');
  } catch {
    // The envelope says what is wrong with it.
    return undefined;
  }
}
