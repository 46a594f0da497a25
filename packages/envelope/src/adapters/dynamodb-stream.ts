import type { Format } from '../batch/decrypt-many.ts';
import { type BatchHandlerOptions, type BatchResponse, batchHandler } from '../batch/partial.ts';
import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';

export type { BatchHandlerOptions, BatchResponse } from '../batch/partial.ts';

/** An attribute as the stream has it: bytes (`B`) are base64 text, which can be picked as it is. */
export interface StreamAttribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: string | undefined;
}

/** What is needed of a record of a DynamoDB stream; `DynamoDBRecord` of `@types/aws-lambda` has it. */
export interface DynamoDbStreamRecord {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE' | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, StreamAttribute>> | undefined;
        readonly NewImage?: Readonly<Record<string, StreamAttribute>> | undefined;
        readonly OldImage?: Readonly<Record<string, StreamAttribute>> | undefined;
      }
    | undefined;
}

/**
 * A Lambda handler for a DynamoDB stream whose mapping has `ReportBatchItemFailures`. All records are decrypted at the
 * same time, and handled one after the other, in order; from the first failure on, they are delivered again.
 * @param box - decrypts
 * @param options - where the message is, what to do with it, and with what cannot be decrypted. A removal has no new
 * image: let `pick` answer `undefined` for it, or pick from the old one
 * @throws EnvelopeError `CONFIG` for a concurrency out of range; the handler itself throws nothing of its own
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function dynamoDbStreamHandler<
  C extends EncryptionContext,
  R extends DynamoDbStreamRecord = DynamoDbStreamRecord,
  const F extends Format = 'bytes',
>(
  box: Pick<Decryptor<C>, 'decrypt'>,
  options: BatchHandlerOptions<R, C, F>,
): (event: { readonly Records: readonly R[] }) => Promise<BatchResponse> {
  return batchHandler(
    // Lambda takes an empty identifier for a failure of the whole batch, which is what a record without a number is.
    { identify: ({ dynamodb }) => dynamodb?.SequenceNumber ?? '', laneOf: () => 'the shard' },
    box,
    options,
  );
}
