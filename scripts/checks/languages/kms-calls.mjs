// Plain calls of KMS by a language's AWS SDK, beside the AWS Encryption SDK.

import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { CONTEXTS, PLAIN } from './contexts.mjs';
import { mustBe, mustBeRefused, mustGive } from './judge.mjs';
import { CONSTANTS, REQUIRED } from './world.mjs';

export async function kmsCalls({ client, key }) {
  const contexts = Object.entries({ 'one name': PLAIN, ...CONTEXTS }).map(([what, context]) => {
    return { what, context: { ...CONSTANTS, ...context } };
  });
  const made = await Promise.all(contexts.map((row) => withDataKey(client, key, row)));
  const [{ request }] = made;
  const other = { ...request, context: { ...request.context, [REQUIRED]: 'ACME' } };
  return [
    describesKey(key),
    ...contexts.map((row) => makesDataKey(client, row)),
    ...made,
    refused('another context', other, 'InvalidCiphertextException'),
    refused('no context', { ...request, context: {} }, 'AccessDeniedException'),
    refused('a role without kms:Decrypt', { ...request, profile: 'Writer' }, 'AccessDeniedException'),
  ];
}

/** Without the name of a key, and with long-term credentials: a date, and a signature without session token. */
function describesKey(key) {
  return {
    name: 'kms DescribeKey',
    request: { operation: 'kms DescribeKey', key: 'alias/orders', profile: 'Administrator' },
    *judge(answer) {
      yield* mustBe({ key, state: 'Enabled' }, answer);
      const age = Date.now() / 1000 - (answer.created ?? 0);
      if (!(age >= -1 && age < 3600)) {
        yield `the key was created at ${answer.created}`;
      }
    },
  };
}

function makesDataKey(client, { what, context }) {
  return {
    name: `kms GenerateDataKey, context with ${what}`,
    request: { operation: 'kms GenerateDataKey', context },
    async *judge(answer) {
      yield* mustBe({}, answer);
      if (!answer.error) {
        const input = { CiphertextBlob: Buffer.from(answer.blob, 'base64'), EncryptionContext: context };
        const opened = async () => (await client.send(new DecryptCommand(input))).Plaintext;
        yield* mustGive(Buffer.from(answer.plaintext, 'base64'), 'Decrypt', opened);
      }
    },
  };
}

async function withDataKey(client, key, { what, context }) {
  const input = { KeyId: key, KeySpec: 'AES_256', EncryptionContext: context };
  const { CiphertextBlob, Plaintext } = await client.send(new GenerateDataKeyCommand(input));
  return {
    name: `kms Decrypt, context with ${what}`,
    request: { operation: 'kms Decrypt', context, blob: Buffer.from(CiphertextBlob).toString('base64') },
    judge: (answer) => mustBe({ plaintext: Buffer.from(Plaintext).toString('base64') }, answer),
  };
}

function refused(what, request, code) {
  return { name: `kms Decrypt is refused ${what}`, request, judge: (answer) => mustBeRefused(answer, code) };
}
