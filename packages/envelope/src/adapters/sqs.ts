import type { Format } from '../batch/decrypt-many.ts';
import { type BatchHandlerOptions, type BatchResponse, batchHandler } from '../batch/partial.ts';
import type { EncryptionContext } from '../context.ts';
import type { Decryptor } from '../envelope.ts';

export type { BatchHandlerOptions, BatchResponse } from '../batch/partial.ts';

/** What is needed of a record of SQS; `SQSRecord` of `@types/aws-lambda` has it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly MessageGroupId?: string | undefined };
  readonly messageAttributes?: Readonly<
    Record<string, { readonly stringValue?: string | undefined; readonly binaryValue?: string | undefined }>
  >;
  readonly eventSourceARN?: string;
}

/**
 * A Lambda handler for an SQS queue whose mapping has `ReportBatchItemFailures`. Records of a standard queue are
 * handled at the same time; those of one message group of a FIFO queue one after the other, and what follows a failure
 * in its group is delivered again with it, so that the order holds.
 * @param box - decrypts
 * @param options - where the message is, what to do with it, and with what cannot be decrypted
 * @throws EnvelopeError `CONFIG` for a concurrency out of range; the handler itself throws nothing of its own
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function sqsHandler<
  C extends EncryptionContext,
  R extends SqsRecord = SqsRecord,
  const F extends Format = 'bytes',
>(
  box: Pick<Decryptor<C>, 'decrypt'>,
  options: BatchHandlerOptions<R, C, F>,
): (event: { readonly Records: readonly R[] }) => Promise<BatchResponse> {
  return batchHandler(
    {
      identify: ({ messageId }) => messageId,
      laneOf: ({ eventSourceARN, attributes }, index) =>
        eventSourceARN?.endsWith('.fifo') === true ? (attributes?.MessageGroupId ?? '') : index,
    },
    box,
    options,
  );
}
