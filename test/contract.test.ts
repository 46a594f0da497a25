import { KMSClient } from '@aws-sdk/client-kms';
import { envelope } from '@cdk-keysmith/envelope';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, EncryptionKey, Envelope } from '../lib';

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
