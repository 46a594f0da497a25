// Calls of KMS, which cost money, quota and milliseconds each: counted, not timed.

import { randomBytes } from 'node:crypto';
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
  const box = ours(true);
  return {
    encrypt: (plaintext) => box.encrypt(plaintext, CONTEXT),
    decrypt: (message) => box.decrypt(message, CONTEXT),
  };
});
await row('official client', () => official(true));
