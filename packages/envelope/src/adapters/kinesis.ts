import type { Format } from '../batch/decrypt-many.ts';
import { type BatchHandlerOptions, type BatchResponse, batchHandler } from '../batch/partial.ts';
import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';

export type { BatchHandlerOptions, BatchResponse } from '../batch/partial.ts';

/** What is needed of a record of Kinesis; `KinesisStreamRecord` of `@types/aws-lambda` has it. */
export interface KinesisRecord {
  readonly kinesis: {
    readonly sequenceNumber: string;
    readonly partitionKey: string;
    /** Base64, as Lambda passes it: a message that was put as bytes can be picked as it is. */
    readonly data: string;
  };
}

/**
 * A Lambda handler for a Kinesis stream whose mapping has `ReportBatchItemFailures`. All records are decrypted at the
 * same time, and handled one after the other, in order; from the first failure on, they are delivered again.
 * @param box - decrypts
 * @param options - where the message is, what to do with it, and with what cannot be decrypted. Until its limits, such a
 * record holds up its shard, unless `onPoison` answers `skip`
 * @throws EnvelopeError `CONFIG` for a concurrency out of range; the handler itself throws nothing of its own
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function kinesisHandler<
  C extends EncryptionContext,
  R extends KinesisRecord = KinesisRecord,
  const F extends Format = 'bytes',
>(
  box: Pick<Decryptor<C>, 'decrypt'>,
  options: BatchHandlerOptions<R, C, F>,
): (event: { readonly Records: readonly R[] }) => Promise<BatchResponse> {
  return batchHandler({ identify: ({ kinesis }) => kinesis.sequenceNumber, laneOf: () => 'the shard' }, box, options);
}
