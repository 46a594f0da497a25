import { Reader } from './bytes.ts';
import { EnvelopeError } from './errors.ts';
import { suiteOf, versionOf } from './header.ts';
import { COMMIT_KEY_LENGTH, IV_LENGTH, type Suites, TAG_LENGTH } from './suite.ts';

/** Most bytes of a header that are collected piece by piece: a whole context and many large wrapped data keys. */
const MAX_HEADER = 1_048_576;

/** Where a header ends, or how many bytes there have to be to say more. */
export type HeaderExtent = { readonly length: number } | { readonly needed: number };

/**
 * Tells how much of a message its header is, while the message arrives piece by piece: a function of the message's
 * beginning, longer with each call. It goes on where it stopped, so that a header in many pieces costs no more than one
 * in a single piece. Nothing is judged here but what has to be known to go on; the header is then parsed as a whole.
 * @throws EnvelopeError from the function: `NOT_A_MESSAGE`, `UNSUPPORTED_MESSAGE`; `LIMIT` when the header takes more
 * than 1 MiB
 */
export function headerExtent(maxEncryptedDataKeys: number, suites: Suites): (prefix: Uint8Array) => HeaderExtent {
  const steps = walk(maxEncryptedDataKeys, suites);
  let step = steps.next(new Uint8Array(0));
  return (prefix) => {
    while (step.done !== true && prefix.length >= step.value) step = steps.next(prefix);
    if (step.value > MAX_HEADER) {
      throw new EnvelopeError(
        'LIMIT',
        `the header takes more than ${MAX_HEADER} bytes, the most for streams and ranges`,
      );
    }
    return step.done === true ? { length: step.value } : { needed: step.value };
  };
}

/** Yields how many bytes it needs, and is then given at least as many; returns where the header ends. */
function* walk(maxEncryptedDataKeys: number, suites: Suites): Generator<number, number, Uint8Array> {
  const version = versionOf(yield 2);
  const suiteAt = version === 1 ? 2 : 1;
  const suite = suiteOf(uint16(yield suiteAt + 2, suiteAt), version, suites);
  let at = suiteAt + 2 + suite.messageIdLength;
  at += 2 + uint16(yield at + 2, at);
  const keys = uint16(yield at + 2, at);
  at += 2;
  // Nothing more is waited for when parsing will stop here.
  if (keys > maxEncryptedDataKeys) return at;
  // Provider id, provider information and the wrapped data key itself.
  for (let fields = keys * 3; fields > 0; fields -= 1) at += 2 + uint16(yield at + 2, at);
  // Content type and frame length, and what the versions have around them.
  const rest = version === 1 ? 1 + 4 + 1 + 4 + IV_LENGTH : 1 + 4 + COMMIT_KEY_LENGTH;
  const length = at + rest + TAG_LENGTH;
  yield length;
  return length;
}

function uint16(bytes: Uint8Array, at: number): number {
  return new Reader(bytes, at).uint(2);
}
