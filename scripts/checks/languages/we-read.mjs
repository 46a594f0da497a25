// What a program encrypts and our envelope decrypts, in all its ways of decrypting.

import { randomBytes } from 'node:crypto';
import { decryptRange, decryptStream, inspect } from '@cdk-keysmith/envelope';
import { CONTEXTS, PLAIN } from './contexts.mjs';
import { label, mustBe, mustFail, mustGive } from './judge.mjs';
import { READS_EVERYTHING, readsUnstored, STREAMS_EVERYTHING } from './ours.mjs';
import { CONSTANTS, REQUIRED } from './world.mjs';

const FORBID = 'FORBID_ENCRYPT_ALLOW_DECRYPT';
const ALLOW = 'REQUIRE_ENCRYPT_ALLOW_DECRYPT';
const REQUIRE = 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT';

/** What every AWS Encryption SDK writes when it is told no more than its commitment policy. */
const DEFAULT_SUITE = { [FORBID]: 0x0378, [ALLOW]: 0x0578, [REQUIRE]: 0x0578 };
const DEFAULT_FRAME = 4096;

const COMMITTING = [0x0478, 0x0578];
const OTHERS = [0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, 0x0378];
const POLICIES = [...COMMITTING.map((suite) => [suite, REQUIRE]), ...OTHERS.map((suite) => [suite, FORBID])];

/** Some writers take multiples of 128 only. */
const [FRAME, UNFRAMED] = [128, 0];

/** Bytes of plaintext, around the ends of frames. */
const LENGTHS = [0, FRAME - 1, FRAME, 3 * FRAME, 3 * FRAME + 1];

/** What is written; without suite or frame length, with the defaults. */
const ROWS = [
  ...[REQUIRE, ALLOW, FORBID].map((policy) => ({ policy, length: 10_000 })),
  ...COMMITTING.flatMap((suite) => LENGTHS.map((length) => ({ policy: REQUIRE, suite, frameLength: FRAME, length }))),
  ...[1024, 65_536].map((frameLength) => ({ policy: REQUIRE, suite: 0x0478, frameLength, length: 150_000 })),
  ...OTHERS.map((suite) => ({ policy: FORBID, suite, frameLength: FRAME, length: 300 })),
  ...POLICIES.flatMap(([suite, policy]) =>
    [0, 300].map((length) => ({ policy, suite, frameLength: UNFRAMED, length })),
  ),
  ...Object.entries(CONTEXTS).map(([name, context]) => ({
    ...{ what: `a context with ${name}`, policy: REQUIRE, context, length: 100 },
  })),
];

export function weRead({ ours }, { apis, unframed }) {
  const rows = ROWS.filter(({ frameLength }) => unframed || frameLength !== UNFRAMED);
  return [...apis.flatMap((api) => rows.map((row) => written(ours, api, row))), writtenWithoutNames(ours)];
}

function written(ours, api, { what, policy, suite, frameLength, length, context = PLAIN }) {
  const plaintext = randomBytes(length);
  const full = { ...CONSTANTS, ...context };
  return {
    name: `we open what ${api} wrote: ${what ?? nameOf(policy, suite, frameLength, length)}`,
    request: {
      ...{ operation: 'encrypt', api, commitmentPolicy: policy, suite, frameLength },
      ...{ context: full, plaintext: plaintext.toString('base64') },
    },
    async *judge(answer) {
      yield* mustBe({}, answer);
      if (answer.error) {
        return;
      }
      const message = Buffer.from(answer.message, 'base64');
      const { suite: written, frameLength: frames = UNFRAMED, context: bound } = inspect(message);
      yield* mustBe(
        { context: full, suite: suite ?? DEFAULT_SUITE[policy], frames: frameLength ?? DEFAULT_FRAME },
        { context: { ...bound }, suite: written.id, frames },
      );
      const kind = { ...written, framed: frames !== UNFRAMED };
      yield* readable(ours, kind, message, context, plaintext);
      yield* refused(ours, kind, message, context);
    },
  };
}

/** Whole, as a stream and by range, as far as the kind of message allows. */
async function* readable(ours, { signed, framed }, message, context, plaintext) {
  const box = ours(READS_EVERYTHING);
  yield* mustGive(plaintext, 'decrypt', () => box.decrypt(message, context));
  yield* mustGive(plaintext, 'decryptStream', () => {
    const stream = decryptStream(box, context, STREAMS_EVERYTHING);
    return new Response(new Blob([message]).stream().pipeThrough(stream)).arrayBuffer();
  });
  if (!signed && framed && plaintext.length > 1) {
    const [from, to] = [1, plaintext.length - 1];
    const read = (first, end) => message.subarray(first, end);
    yield* mustGive(plaintext.subarray(from, to), 'decryptRange', () => decryptRange(box, read, context, from, to));
  }
}

/** Under another context, and by an envelope that was not told to read such messages. */
async function* refused(ours, { commits, signed, framed }, message, context) {
  const other = { ...context, [REQUIRED]: `${context[REQUIRED]}-2` };
  yield* mustFail('CONTEXT_MISMATCH', 'another tenant', () => ours(READS_EVERYTHING).decrypt(message, other));
  if (!commits || signed || !framed) {
    yield* mustFail('UNSUPPORTED_MESSAGE', 'an envelope without options', () => ours().decrypt(message, context));
  }
}

/**
 * The required encryption context CMM binds a message to names that it does not store. The header's tag covers them in
 * their order, which nothing else that KMS has a part in depends on.
 */
function writtenWithoutNames(ours) {
  const plaintext = randomBytes(40);
  const context = CONTEXTS['names in an order of their own'];
  const names = Object.keys(context);
  return {
    name: `we open what keyring wrote without storing ${names.join(', ')}`,
    request: {
      ...{ operation: 'encrypt', api: 'keyring', commitmentPolicy: REQUIRE, suite: 0x0478, requiredContext: names },
      ...{ context: { ...CONSTANTS, ...context }, plaintext: plaintext.toString('base64') },
    },
    async *judge(answer) {
      yield* mustBe({}, answer);
      if (answer.error) {
        return;
      }
      const message = Buffer.from(answer.message, 'base64');
      const box = ours(readsUnstored(names));
      const other = { ...context, [REQUIRED]: 'other' };
      yield* mustBe({ context: CONSTANTS }, { context: { ...inspect(message).context } });
      yield* mustGive(plaintext, 'decrypt', () => box.decrypt(message, context));
      yield* mustFail('NOT_AUTHENTIC', 'another tenant', () => box.decrypt(message, other));
      yield* mustFail('CONTEXT_MISMATCH', 'an envelope without options', () => ours().decrypt(message, context));
    },
  };
}

function nameOf(policy, suite, frameLength, length) {
  const frames = { undefined: 'default frames', [UNFRAMED]: 'no frames' }[frameLength] ?? `frames of ${frameLength}`;
  return `${policy}, ${suite === undefined ? 'default suite' : label(suite)}, ${length} bytes, ${frames}`;
}
