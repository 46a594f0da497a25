import type { MessageFormat } from '../formats.ts';
import { readNonFramed } from '../non-framed.ts';

/**
 * Messages whose body is one block instead of frames, as some AWS Encryption SDKs write them when asked for a frame
 * length of 0, in every suite. All of such a message is in memory at once, also in a stream.
 *
 * Give it among `reads`.
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html#body-no-framing
 */
export const nonFramedMessages: MessageFormat = { name: 'nonFramedMessages', readNonFramed };
