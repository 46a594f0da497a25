// What KMS refuses to a program, and what the program's own AWS Encryption SDK refuses before it asks KMS. Not every one
// of them passes on what KMS said, so KMS itself is asked which calls were made.

import { isDeepStrictEqual } from 'node:util';
import { PLAIN } from './contexts.mjs';
import { mustBe, mustBeRefused } from './judge.mjs';
import { CONSTANTS, REQUIRED } from './world.mjs';

const TEXT = Buffer.from('two boxes of chalk');
const OTHER = { [REQUIRED]: PLAIN[REQUIRED].toUpperCase() };
const DENIED = 'AccessDeniedException';

/** Each: what holds, the request, and the one call that is made of KMS with its error code. */
const ROWS = [
  ['a writer does not decrypt', (own) => ({ ...decrypt(own), profile: 'Writer' }), ['Decrypt', DENIED]],
  ['a reader does', (own) => ({ ...decrypt(own), profile: 'Reader' }), ['Decrypt', undefined]],
  ['a reader does not encrypt', (own) => ({ ...encrypt(own), profile: 'Reader' }), ['GenerateDataKey', DENIED]],
  [
    `nobody encrypts without ${REQUIRED}`,
    (own) => encrypt(own, { [REQUIRED]: undefined }),
    ['GenerateDataKey', DENIED],
  ],
  ['nobody encrypts for another service', (own) => encrypt(own, { service: 'x' }), ['GenerateDataKey', DENIED]],
  [`a header with another ${REQUIRED} does not open`, moved, ['Decrypt', 'InvalidCiphertextException']],
];

/** For keyrings, which hold the context of a message against one that they are given. */
const KEYRING_ROWS = [
  ['a message opens under its own context', (own) => decrypt(own, {}), ['Decrypt', undefined]],
  [`a message does not open under another ${REQUIRED}`, (own) => decrypt(own, OTHER), undefined],
];

export function refusals(world, { apis }) {
  const tasks = apis.flatMap((api) =>
    [...ROWS, ...(api === 'keyring' ? KEYRING_ROWS : [])].map((row) => refusal(world, api, row)),
  );
  return Promise.all(tasks);
}

async function refusal({ ours, events }, api, [what, make, call]) {
  // By its context, what KMS saw of this task is known from all the rest.
  const attempt = `${api}: ${what}`;
  const context = { ...CONSTANTS, ...PLAIN, attempt };
  const message = Buffer.from(await ours().encrypt(TEXT, context));
  const first = events.length;
  return {
    name: attempt,
    request: { ...make({ context, message }), api, commitmentPolicy: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT' },
    *judge(answer) {
      const allowed = call !== undefined && call[1] === undefined;
      yield* allowed ? mustBe({ plaintext: TEXT.toString('base64') }, answer) : mustBeRefused(answer);
      const calls = events
        .slice(first)
        .filter(({ requestParameters }) => requestParameters?.encryptionContext?.attempt === attempt)
        .map(({ eventName, errorCode }) => [eventName, errorCode]);
      if (!isDeepStrictEqual(calls, call === undefined ? [] : [call])) {
        yield `KMS saw ${JSON.stringify(calls)} instead of ${JSON.stringify(call)}`;
      }
    },
  };
}

function encrypt({ context }, over) {
  return { operation: 'encrypt', context: { ...context, ...over }, plaintext: TEXT.toString('base64') };
}

/** With `over`, the request has a context that the message is held against. */
function decrypt({ context, message }, over) {
  return {
    ...{ operation: 'decrypt', message: message.toString('base64') },
    ...(over && { context: { ...context, ...over } }),
  };
}

/** As somebody who can write the store moves a message: the header says the context in clear. */
function moved({ context, message }) {
  const copy = Buffer.from(message);
  copy.write(OTHER[REQUIRED], copy.indexOf(PLAIN[REQUIRED]));
  return decrypt({ context, message: copy });
}
