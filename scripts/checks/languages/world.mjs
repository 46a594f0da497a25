// What the programs meet: a small app, synthesized, and a local KMS that enforces its policies over loopback.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { envelope } from '@cdk-keysmith/envelope';
import { startLocalKms } from '@cdk-keysmith/local-kms';
import cdk from 'aws-cdk-lib';
import keysmith from '../../../dist/index.js';

// Node.js 20 is what we still support; the SDK for JavaScript would rather not run on it, and says so.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Declared by the app: in every context, and enforced by KMS. */
export const CONSTANTS = { service: 'orders', stage: 'prod "quoted" \\ ü' };
export const REQUIRED = 'tenant';

/** The functions of the app, each with a role of its own. */
const GRANTS = {
  Writer: (orders, fn) => orders.grantEncrypt(fn),
  Reader: (orders, fn) => orders.grantDecrypt(fn),
  Clerk: (orders, fn) => orders.grantEncryptDecrypt(fn),
};

/**
 * Starts the local KMS with the app, below `folder`. `events` are those of all its calls; `ours(options)` is our envelope
 * and `client` one of the SDK, both as `Clerk`; `environment` is that of a program that runs as `Clerk`, and has every
 * function and the administrator as profiles.
 */
export async function startWorld(folder) {
  const events = [];
  const kms = await startLocalKms({ app: synthesize(join(folder, 'cdk.out')), onEvent: (event) => events.push(event) });
  const client = new KMSClient(kms.clientConfig('Shop/Clerk'));
  const env = kms.environmentFor('Shop/Clerk');
  return {
    kms,
    events,
    client,
    key: kms.keys()[0].arn,
    environment: environmentOf(kms, folder),
    ours: (options) => envelope('Orders', { env, kms: client, ...options }),
  };
}

function synthesize(outdir) {
  const app = new cdk.App({ outdir });
  // Not the Region that SDKs would fall back to.
  const stack = new cdk.Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  const key = new keysmith.EncryptionKey(stack, 'Key', { alias: 'orders' });
  const orders = new keysmith.Envelope(stack, 'Envelope', {
    envelopeName: 'Orders',
    key,
    context: CONSTANTS,
    requiredContext: [REQUIRED],
  });
  for (const [name, grant] of Object.entries(GRANTS)) {
    const { Function: Lambda, Runtime, Code } = cdk.aws_lambda;
    const code = Code.fromInline('exports.handler = async () => {};');
    grant(orders, new Lambda(stack, name, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code }));
  }
  return app.synth().directory;
}

/** The environment that every AWS SDK reads, and nothing of what the user's own shell says about AWS. */
function environmentOf(kms, folder) {
  const own = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  const profiles = [
    ...Object.keys(GRANTS).map((name) => profile(name, kms.credentialsFor(`Shop/${name}`))),
    profile('Administrator', kms.administratorCredentials()),
  ];
  writeFileSync(join(folder, 'credentials'), profiles.join('\n'));
  writeFileSync(join(folder, 'config'), '');
  return {
    ...Object.fromEntries(own.map((name) => [name, undefined])),
    ...kms.environmentFor('Shop/Clerk'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
    // A proxy of the user's is for what is elsewhere.
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
  };
}

function profile(name, { accessKeyId, secretAccessKey, sessionToken }) {
  const token = sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`];
  const keys = [`aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`];
  return [`[${name}]`, ...keys, ...token, ''].join('\n');
}
