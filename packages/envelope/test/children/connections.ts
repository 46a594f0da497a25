/*
 * What an envelope makes of connections that fail, over a socket to a local KMS. Prints for each way of failing: code,
 * whether retryable, what the SDK threw, and how many requests there were.
 */
import { KMSClient } from '@aws-sdk/client-kms';
import { type EnvelopeError, envelope, statsOf } from '@cdk-keysmith/envelope';
import { startLocalKms } from '@cdk-keysmith/local-kms';
import { KEY } from '../settings.ts';

const [app = ''] = process.argv.slice(2);
const kms = await startLocalKms({ app });
const outcomes: Record<string, unknown[]> = {};

function clientAt(endpoint: string): KMSClient {
  return new KMSClient({ endpoint, region: 'eu-west-1', credentials: kms.administratorCredentials(), maxAttempts: 2 });
}

async function attempt(name: string, client: KMSClient): Promise<void> {
  const declared = { direction: 'encrypt', wrapKeys: [KEY], context: {}, requiredContext: [] } as const;
  const box = envelope(undefined, { ...declared, kms: client });
  const stats = statsOf(box);
  const outcome = await box.encrypt('x', {}).then(
    () => ['succeeded'],
    ({ code, retryable, cause }: EnvelopeError) => [code, retryable, (cause as NodeJS.ErrnoException).code],
  );
  outcomes[name] = [...outcome, stats().kms[0]?.requests];
}

const here = clientAt(kms.url);
await attempt('nothing wrong', here);
for (const kind of ['connection-reset', 'unreachable'] as const) {
  using _fault = kms.inject({ fault: { kind } });
  await attempt(kind, here);
}
// A label of a name has at most 63 characters, so that nobody on the network is asked for this one.
await attempt('no such host', clientAt(`http://${'a'.repeat(64)}.invalid`));
await kms.close();
await attempt('nobody listens', here);
here.destroy();
console.log(JSON.stringify(outcomes));
