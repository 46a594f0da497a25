import { accessMap, decisionInWords, readAssembly } from '@cdk-keysmith/access';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AccountDelegation, EncryptionKey } from '../../lib';

/* A permission by alias on a key with replicas: it counts in each Region by the aliases that the key has there. */

const { context } = require('../../cdk.json');

const app = new App({ context });
const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
const key = new EncryptionKey(stack, 'Key', {
  alias: 'orders',
  aliases: ['archive'],
  replicaRegions: ['eu-central-1', 'us-east-1'],
  replicas: [{ region: 'us-east-1', alias: 'overseas', aliases: [] }],
});
key.grants.decrypt(role, { resourceAliases: ['arch?ve'] });
const assembly = readAssembly(app.synth().directory);

test('the permission is for the key and each replica, under the condition on the alias', () => {
  const decisions = accessMap(assembly).keys.map(({ key: { constructPath }, rows }) => {
    const cells = rows.find(({ grantee }) => grantee.name === 'Shop/Reader')?.cells ?? [];
    const decision = cells.find(({ action }) => action === 'kms:Decrypt')?.decision;
    return `${constructPath}: ${decision && decisionInWords(decision).replace(/: statement.*/, '')}`;
  });
  expect(decisions.sort()).toEqual(
    ['Shop-replicas-eu-central-1/Key', 'Shop-replicas-us-east-1/Key', 'Shop/Key'].map(
      (path) => `${path}: allowed if some value of kms:ResourceAliases matches "alias/arch?ve"`,
    ),
  );
});

test('a Region whose key has other aliases is warned of, and no other', () => {
  const said = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.map(({ type, data }) => ({ path: node.path, type, data: String(data) })))
    .filter(({ type }) => type === 'aws:cdk:warning');
  expect(said.map(({ path }) => path)).toEqual(['Shop-replicas-us-east-1/Key']);
  expect(said[0]?.data).toContain(
    'with the alias arch?ve, and this key has alias/overseas: the permission does nothing',
  );
});

test('where the permission needs the key policies it is refused, and the reason given', () => {
  const strict = new EncryptionKey(
    new Stack(new App({ context }), 'Strict', { env: { account: stack.account, region: stack.region } }),
    'Key',
    {
      accountDelegation: AccountDelegation.ADMINISTRATION,
      replicaRegions: ['eu-central-1'],
    },
  );
  expect(() => strict.grants.decrypt(role, { resourceAliases: ['orders'] })).toThrow('counts in IAM policies only');
});
