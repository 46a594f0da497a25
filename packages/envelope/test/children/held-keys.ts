/*
 * A process that holds data keys, for another one that looks into its memory: it seals and opens messages with a KMS that
 * is elsewhere, and then does as it is told. What it tells are the messages; no data key is ever in what it sends.
 */
import { writeHeapSnapshot } from 'node:v8';
import { KMSClient } from '@aws-sdk/client-kms';
import { decryptor, encryptor } from '@cdk-keysmith/envelope';
import { KEY, OTHER_KEY } from '../settings.ts';

const kms = new KMSClient();
const rules = { context: {}, requiredContext: ['tenant'], kms };
/** Sends every data key to KMS once more, for the second key to wrap. */
const writer = encryptor(undefined, { direction: 'encrypt', wrapKeys: [KEY, OTHER_KEY], ...rules });
const reader = decryptor(undefined, { direction: 'decrypt', unwrapKeys: [KEY], ...rules });
/** Has room for one data key: the second one drives the first one out. */
const small = encryptor(undefined, { direction: 'encrypt', wrapKeys: [KEY], ...rules, maxCacheEntries: 1 });

async function sealed(box: typeof small, tenant: string): Promise<string> {
  return Buffer.from(await box.encrypt(`to ${tenant}`, { tenant })).toString('base64');
}

async function story(): Promise<Record<string, string>> {
  const messages: Record<string, string> = {};
  for (const tenant of ['a', 'b', 'c']) {
    messages[tenant] = await sealed(writer, tenant);
    await reader.decrypt(messages[tenant], { tenant });
  }
  for (const tenant of ['driven out', 'kept']) messages[tenant] = await sealed(small, tenant);
  return messages;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects garbage until what is in use has moved to where it stays, and what is not is gone. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    // What native memory belonged to the garbage is freed in a turn of its own.
    await turn();
  }
}

const ORDERS: Readonly<Record<string, (file: string) => unknown>> = {
  collect,
  dispose: () => [writer, reader, small].forEach((box) => void box.dispose()),
  snapshot: (file) => writeHeapSnapshot(file),
  end: () => process.disconnect(),
};

process.on('message', async ([order, file]: [string, string]) => {
  await ORDERS[order]?.(file);
  if (process.connected) process.send?.('done');
});
process.send?.(await story());
