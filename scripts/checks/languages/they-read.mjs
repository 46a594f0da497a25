// What our envelope writes and a program decrypts.

import { randomBytes } from 'node:crypto';
import { encryptStream } from '@cdk-keysmith/envelope';
import { CONTEXTS, PLAIN } from './contexts.mjs';
import { label, mustBe } from './judge.mjs';
import { WRITES } from './ours.mjs';
import { CONSTANTS } from './world.mjs';

const FRAME = 1024;

/** Bytes of plaintext: none, few, and around the ends of frames. */
const LENGTHS = [0, 11, FRAME, 3 * FRAME, 3 * FRAME + 1];

/** More than one frame of the default length. */
const LARGE = 150_000;

const ROWS = [
  ...LENGTHS.map((length) => ({ what: `${length} bytes in frames of ${FRAME}`, length, frameLength: FRAME })),
  { what: `${LARGE} bytes in frames of the default length`, length: LARGE },
  { what: '250 bytes in frames of 100, which is no multiple of a block', length: 250, frameLength: 100 },
  { what: `a stream of ${3 * FRAME} bytes in frames of ${FRAME}`, length: 3 * FRAME, frameLength: FRAME, stream: true },
  ...Object.entries(CONTEXTS).map(([name, context]) => ({ what: `context with ${name}`, length: 100, context })),
];

export async function theyRead(world, { apis }) {
  const messages = await Promise.all(WRITES.flatMap((writes) => ROWS.map((row) => written(world, writes, row))));
  return apis.flatMap((api) =>
    messages.map(({ what, message, expected }) => ({
      name: `${api} opens ours: ${what}`,
      request: { operation: 'decrypt', api, commitmentPolicy: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT', message },
      judge: (answer) => mustBe(expected, withoutKey(answer)),
    })),
  );
}

async function written({ ours }, [suite, option], { what, length, frameLength, context = PLAIN, stream = false }) {
  const box = ours({ ...option, ...(frameLength && { frameLength }) });
  const plaintext = randomBytes(length);
  const message = stream
    ? await bytesOf(new Blob([plaintext]).stream().pipeThrough(encryptStream(box, context)))
    : await box.encrypt(plaintext, context);
  return {
    what: `${label(suite)}, ${what}`,
    message: Buffer.from(message).toString('base64'),
    expected: { plaintext: plaintext.toString('base64'), context: { ...CONSTANTS, ...context }, suite },
  };
}

/** An answer without the public key that the header of a signed message has in its context. */
function withoutKey({ context, ...answer }) {
  const own = Object.entries(context ?? {}).filter(([name]) => name !== 'aws-crypto-public-key');
  return { ...answer, context: Object.fromEntries(own) };
}

async function bytesOf(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
