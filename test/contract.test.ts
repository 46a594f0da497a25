import { DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { envelope, inspect } from '@cdk-keysmith/envelope';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, EncryptionKey, Envelope } from '../lib';

const { context } = require('../cdk.json');

/*
 * The one test that holds both ends of docs/contract.md: what the construct writes into a template is read by the helper
 * as it is, and the KMS that enforces the template's policies agrees with the helper's own checks.
 */

const ORDER = 'two boxes of chalk';

async function deployed(accountDelegation: AccountDelegation): Promise<LocalKms> {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const key = new EncryptionKey(stack, 'Key', { alias: 'orders', accountDelegation });
  const orders = new Envelope(stack, 'Envelope', {
    envelopeName: 'Orders',
    key,
    context: { service: 'orders', stage: 'prod "quoted" \\ ü' },
    requiredContext: ['tenant'],
  });
  const handler = (id: string) =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
    });
  orders.grantEncrypt(handler('Writer'));
  orders.grantDecrypt(handler('Reader'));
  orders.grantEncryptDecrypt(handler('Clerk'));
  return createLocalKms({ app: app.synth().directory });
}

/** The helper as it finds itself in a function; `as` runs it with the permissions of another one. */
function inFunction(kms: LocalKms, name: string, as = name) {
  return envelope<{ tenant: string }>('Orders', {
    env: kms.environmentFor(`Shop/${name}`),
    kms: new KMSClient(kms.clientConfig(`Shop/${as}`)),
  });
}

describe.each([AccountDelegation.FULL, AccountDelegation.ADMINISTRATION])(
  'with account delegation %s',
  (delegation) => {
    let kms: LocalKms;
    beforeAll(async () => {
      kms = await deployed(delegation);
    });
    afterAll(() => kms.close());

    test('what one function seals another one opens, under the tenant that it was sealed for', async () => {
      const message = await inFunction(kms, 'Writer').encrypt(ORDER, { tenant: 'acme' });
      expect(await inFunction(kms, 'Reader').decrypt(message, { tenant: 'acme' }, 'text')).toBe(ORDER);
      expect(await inFunction(kms, 'Clerk').decrypt(message, { tenant: 'acme' }, 'text')).toBe(ORDER);
    });

    test('the helper refuses the direction that was not granted before it calls KMS', async () => {
      const message = await inFunction(kms, 'Writer').encrypt(ORDER, { tenant: 'acme' });
      const before = kms.events.length;
      await expect(inFunction(kms, 'Writer').decrypt(message, { tenant: 'acme' })).rejects.toMatchObject({
        code: 'DIRECTION',
      });
      await expect(inFunction(kms, 'Reader').encrypt(ORDER, { tenant: 'acme' })).rejects.toMatchObject({
        code: 'DIRECTION',
      });
      expect(kms.events.length).toBe(before);
    });

    test('KMS refuses it as well, for a caller that goes round the helper', async () => {
      const message = await inFunction(kms, 'Writer').encrypt(ORDER, { tenant: 'acme' });
      await expect(inFunction(kms, 'Reader', 'Writer').decrypt(message, { tenant: 'acme' })).rejects.toMatchObject({
        code: 'NOT_AUTHORIZED',
      });
      await expect(inFunction(kms, 'Writer', 'Reader').encrypt(ORDER, { tenant: 'acme' })).rejects.toMatchObject({
        code: 'NOT_AUTHORIZED',
      });
    });

    test.each([
      ['without the required name', { service: 'orders', stage: 'prod "quoted" \\ ü' }],
      ['with another constant', { service: 'invoices', stage: 'prod "quoted" \\ ü', tenant: 'acme' }],
    ] as [string, Record<string, string>][])('KMS refuses data keys %s', async (_name, context) => {
      const [key] = kms.keys();
      const bypass = envelope('Anything', {
        direction: 'encrypt',
        wrapKeys: [key?.arn ?? ''],
        context,
        requiredContext: [],
        kms: new KMSClient(kms.clientConfig('Shop/Writer')),
      });
      await expect(bypass.encrypt(ORDER, {})).rejects.toMatchObject({ code: 'NOT_AUTHORIZED' });
    });
  },
);

describe.each([true, false])('a multi-Region key, with wrapInEveryRegion %s', (wrapInEveryRegion) => {
  const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };
  let kms: LocalKms;
  beforeAll(() => {
    const app = new App({ context });
    const shop = new Stack(app, 'Shop', { env: FRANKFURT });
    const key = new EncryptionKey(shop, 'Key', {
      replicaRegions: ['us-east-1'],
      accountDelegation: AccountDelegation.ADMINISTRATION,
    });
    const orders = new Envelope(shop, 'Orders', { key, requiredContext: ['tenant'], wrapInEveryRegion });
    const handler = (id: string) =>
      new lambda.Function(shop, id, {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => {};'),
      });
    orders.grantEncrypt(handler('Writer'));
    orders.grantDecrypt(handler('Reader'));
    kms = createLocalKms({ app: app.synth().directory });
  });
  afterAll(() => kms.close());

  const inRegions = (name: string) =>
    envelope<{ tenant: string }>('Orders', {
      env: kms.environmentFor(`Shop/${name}`),
      kms: (region) => new KMSClient({ ...kms.clientConfig(`Shop/${name}`), region, maxAttempts: 1 }),
    });
  const calls = () => kms.events.map(({ eventName, awsRegion }) => `${eventName} ${awsRegion}`);
  const disableIn = async (region: string) => {
    const { arn } = kms.keys().find((one) => one.arn.includes(region)) ?? { arn: '' };
    const client = new KMSClient({ ...kms.clientConfig(), credentials: kms.administratorCredentials(), region });
    await client.send(new DisableKeyCommand({ KeyId: arn }));
  };

  test('the helper takes the value, and every call that it makes is allowed in its Region', async () => {
    expect(kms.problems).toEqual([]);
    const message = await inRegions('Writer').encrypt(ORDER, { tenant: 'acme' });
    expect(await inRegions('Reader').decrypt(message, { tenant: 'acme' }, 'text')).toBe(ORDER);
    expect(calls()).toEqual([
      'GenerateDataKey eu-central-1',
      ...(wrapInEveryRegion ? ['Encrypt us-east-1'] : []),
      'Decrypt eu-central-1',
    ]);
    expect(inspect(message).wrappedBy).toHaveLength(wrapInEveryRegion ? 2 : 1);
  });

  test('a message outlives a Region when it was wrapped in every one', async () => {
    const message = await inRegions('Writer').encrypt(ORDER, { tenant: 'acme' });
    await disableIn('eu-central-1');
    const opened = inRegions('Reader').decrypt(message, { tenant: 'acme' }, 'text');
    if (wrapInEveryRegion) expect(await opened).toBe(ORDER);
    else await expect(opened).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });
});
