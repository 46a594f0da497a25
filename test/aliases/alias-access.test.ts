import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { accessMap, readAssembly } from '@cdk-keysmith/access';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EncryptionKey } from '../../lib';

/* What permissions by alias promise, in the words of the access map, and what a KMS does that enforces them. */

const app = new App();
const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
const key = new EncryptionKey(stack, 'Key', { alias: 'orders', aliases: ['orders-eu'] });
key.grants.decrypt(role('Has'), { resourceAliases: ['orders-*'] });
key.grants.decrypt(role('HasNot'), { resourceAliases: ['invoices'] });
key.grants.decrypt(role('Names'), { requestAlias: 'orders' });
const { directory } = app.synth();

test('the map says that decryption hinges on the alias, of the key or of the request', () => {
  const [{ rows } = { rows: [] }] = accessMap(readAssembly(directory)).keys;
  const hinges = rows.map(({ grantee, cells }) => {
    const decision = cells.find(({ action }) => action === 'kms:Decrypt')?.decision;
    const tested = decision?.residual.flatMap(({ conditions }) => conditions.map(({ key: name }) => name));
    return [grantee.name, decision?.verdict, tested];
  });
  expect(hinges.slice(1)).toEqual([
    ['Shop/Has', 'allowed-if', ['kms:ResourceAliases']],
    ['Shop/HasNot', 'allowed-if', ['kms:ResourceAliases']],
    ['Shop/Names', 'allowed-if', ['kms:RequestAlias']],
  ]);
});

test('a KMS lets in who asks for an alias that the key has, and who names the key by its alias', async () => {
  const kms = createLocalKms({ app: directory });
  const [{ arn: KeyId } = { arn: '' }] = kms.keys();
  const administrator = new KMSClient({
    ...kms.clientConfig(),
    credentials: kms.administratorCredentials(),
    region: 'eu-west-1',
  });
  const { CiphertextBlob } = await administrator.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('chalk') }));
  const decrypt = async (name: string, by?: string) => {
    const client = new KMSClient({ ...kms.clientConfig(name), maxAttempts: 1 });
    try {
      await client.send(new DecryptCommand({ CiphertextBlob, ...(by && { KeyId: by }) }));
      return 'allowed';
    } catch (error) {
      return (error as Error).name;
    }
  };
  expect(await decrypt('Has')).toBe('allowed');
  expect(await decrypt('HasNot')).toBe('AccessDeniedException');
  expect(await decrypt('Names', 'alias/orders')).toBe('allowed');
  expect(await decrypt('Names', 'alias/orders-eu')).toBe('AccessDeniedException');
  // Without a KeyId, or with the ARN, the request names no alias.
  expect(await decrypt('Names')).toBe('AccessDeniedException');
  expect(await decrypt('Names', KeyId)).toBe('AccessDeniedException');
});
