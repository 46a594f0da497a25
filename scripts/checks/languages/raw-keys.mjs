// Data keys that no KMS wrapped: the context is bound by its serialized bytes, which every language makes itself.

import { randomBytes } from 'node:crypto';
import { envelope, rawAesWrapping } from '@cdk-keysmith/envelope';
import { CONTEXTS } from './contexts.mjs';
import { mustBe, mustGive } from './judge.mjs';

const NAMES = { keyNamespace: 'interop', keyName: 'schlüssel' };

export async function rawKeys() {
  const key = randomBytes(32);
  const wrapping = rawAesWrapping({ ...NAMES, key });
  const box = envelope('Raw', { direction: 'both', context: {}, requiredContext: [], wrapping });
  const common = {
    ...{ api: 'raw AES keyring', commitmentPolicy: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT', suite: 0x0478 },
    rawKey: { namespace: NAMES.keyNamespace, name: NAMES.keyName, bytes: key.toString('base64') },
  };
  const tasks = Object.entries({ 'no name': {}, ...CONTEXTS }).flatMap(([what, context]) => [
    theyRead(box, common, what, context),
    weRead(box, common, what, context),
  ]);
  return Promise.all(tasks);
}

async function theyRead(box, common, what, context) {
  const plaintext = randomBytes(40);
  const message = Buffer.from(await box.encrypt(plaintext, context)).toString('base64');
  return {
    name: `raw AES keyring opens ours: context with ${what}`,
    request: { ...common, operation: 'decrypt', message },
    judge: (answer) => mustBe({ plaintext: plaintext.toString('base64'), context }, answer),
  };
}

function weRead(box, common, what, context) {
  const plaintext = randomBytes(40);
  return {
    name: `we open what raw AES keyring wrote: context with ${what}`,
    request: { ...common, operation: 'encrypt', context, plaintext: plaintext.toString('base64') },
    async *judge(answer) {
      yield* mustBe({}, answer);
      if (!answer.error) {
        const message = Buffer.from(answer.message, 'base64');
        yield* mustGive(plaintext, 'decrypt', () => box.decrypt(message, context));
      }
    },
  };
}
