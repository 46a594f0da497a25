// Calls of KMS, which cost money, quota and milliseconds each: counted, not timed.

import { randomBytes } from 'node:crypto';
import { fields } from '@cdk-keysmith/envelope';
import { sqsHandler } from '../src/adapters/sqs.ts';
import { CONTEXT, kmsCalls, official, ours } from './peers.ts';

const HUNDRED = Array.from({ length: 100 }, () => randomBytes(64));

async function counted(work: () => Promise<unknown>): Promise<number> {
  kmsCalls.clear();
  await work();
  return [...kmsCalls.values()].reduce((sum, calls) => sum + calls, 0);
}

async function row(
  name: string,
  peer: () => { encrypt(p: Uint8Array): Promise<Uint8Array>; decrypt(m: Uint8Array): Promise<unknown> },
) {
  const writer = peer();
  const encrypts = await counted(() => Promise.all(HUNDRED.map((plaintext) => writer.encrypt(plaintext))));
  const messages = await Promise.all(HUNDRED.map((plaintext) => writer.encrypt(plaintext)));
  const reader = peer();
  const decrypts = await counted(() => Promise.all(messages.map((message) => reader.decrypt(message))));
  console.log(`  ${name.padEnd(20)} ${String(encrypts).padStart(20)} ${String(decrypts).padStart(20)}`);
}

console.log(`KMS calls, caches on\n  ${''.padEnd(20)} 100 encrypts at once 100 decrypts at once`);
await row('keysmith', () => {
  const box = ours();
  return {
    encrypt: (plaintext) => box.encrypt(plaintext, CONTEXT),
    decrypt: (message) => box.decrypt(message, CONTEXT),
  };
});
await row('official client', () => official());

const NAMES = Array.from({ length: 10 }, (_, index) => `field${index}` as const);
const record = Object.fromEntries([['id', 'r1'], ...NAMES.map((name) => [name, `value of ${name}`])]);
const personal = fields<Record<string, string>>({ identity: ['id'] })(...NAMES);
const sealedRecords: Awaited<ReturnType<typeof personal.seal>>[] = [];
const sealing = await counted(async () => sealedRecords.push(await personal.seal(ours(), record, CONTEXT)));
const opening = await counted(async () => {
  for (const sealed of sealedRecords) await personal.open(ours(), sealed, CONTEXT);
});
console.log(`a record with 10 fields: sealed with ${sealing}, opened with ${opening} KMS calls`);

const tenants = Array.from({ length: 7 }, (_, index) => `tenant${index}`);
const writer = ours();
const Records = await Promise.all(
  Array.from({ length: 1_000 }, async (_, index) => {
    const tenant = tenants[index % tenants.length] as string;
    const message = await writer.encrypt(`order ${index}`, { ...CONTEXT, tenant });
    return {
      messageId: String(index),
      body: Buffer.from(message).toString('base64'),
      messageAttributes: { tenant: { stringValue: tenant, dataType: 'String' } },
    };
  }),
);
let handled = 0;
const handler = sqsHandler(ours(), {
  pick: ({ body, messageAttributes }) => ({
    message: body,
    context: { ...CONTEXT, tenant: messageAttributes?.['tenant']?.stringValue ?? '' },
  }),
  handle: () => {
    handled += 1;
  },
});
const batch = await counted(() => handler({ Records }));
console.log(`${handled} records of SQS under ${tenants.length} data keys: ${batch} KMS calls`);
