import { join } from 'node:path';
import { KMS, type KMSClientConfig } from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms, type LocalKmsEvent } from '@cdk-keysmith/local-kms';
import type { KmsClient } from '../src/kms/client.ts';

/** An app with the keys that the settings of the tests name. */
export const ORDERS_APP = join(__dirname, 'fixtures', 'orders');

/** An unmodified SDK client of a local KMS in this process, in the form that the official Encryption SDK wants. */
export type TestKms = KMS & {
  readonly local: LocalKms;
  /** One event for every request so far. Emptied by tests that ask what comes after. */
  readonly calls: LocalKmsEvent[];
};

/**
 * A local KMS of its own, and its administrator's client. It is tried once only, unless the configuration says otherwise.
 */
export function localKms(config: KMSClientConfig = {}): TestKms {
  const calls: LocalKmsEvent[] = [];
  const local = createLocalKms({ app: ORDERS_APP, region: 'eu-west-1', onEvent: (event) => calls.push(event) });
  return Object.assign(new KMS({ ...local.clientConfig(), maxAttempts: 1, ...config }), { local, calls });
}

/** What a KMS answers that has too much to do. */
export const THROTTLING = { kind: 'error', exception: 'ThrottlingException' } as const;

/** The encryption context of a call. */
export function contextOf({ requestParameters }: LocalKmsEvent): Readonly<Record<string, string>> {
  return (requestParameters?.['encryptionContext'] ?? {}) as Readonly<Record<string, string>>;
}

/** What a KMS was asked for, in order. */
export function operations({ calls }: Pick<TestKms, 'calls'>): string[] {
  return calls.map(({ eventName }) => eventName);
}

/** The same KMS through a client that makes something else of its answers: what no KMS answers, or an error of its own. */
export function altered(kms: KmsClient, change: (answer: Record<string, unknown>, call: number) => unknown): KmsClient {
  let call = 0;
  return {
    send: async (command, options) => {
      const number = call;
      call += 1;
      return change((await kms.send(command, options)) as Record<string, unknown>, number);
    },
  };
}

/** Turns of the event loop until something has happened. */
export async function until(happened: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !happened(); ) {
    if (performance.now() > end) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
