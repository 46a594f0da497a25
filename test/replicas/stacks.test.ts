import { accessMap, readAssembly } from '@cdk-keysmith/access';
import { App, CfnOutput, NestedStack, RemovalPolicies, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { AccountDelegation, EncryptionKey, KeyAccess, KeyOrigin, SigningKey, SigningKeySpec } from '../../lib';

const { context } = require('../../cdk.json');
const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };

const roleIn = (stack: Stack, id: string) =>
  new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

describe('where the key is', () => {
  test('nested stacks and stages: replicas are beside the stack that is deployed, of their own stage', () => {
    const app = new App({ context });
    const stage = new Stage(app, 'Prod', { env: FRANKFURT });
    const stack = new Stack(stage, 'Orders');
    const nested = new NestedStack(stack, 'Nested');
    const first = new EncryptionKey(nested, 'Key', { replicaRegions: ['us-east-1'] });
    const second = new SigningKey(stack, 'Key', {
      keySpec: SigningKeySpec.ECC_NIST_P256,
      replicaRegions: ['us-east-1'],
      accountDelegation: AccountDelegation.ADMINISTRATION,
    });
    const role = roleIn(nested, 'Role');
    first.grants.decrypt(role);
    second.grants.sign(role);
    const assembly = app.synth().getNestedAssembly('assembly-Prod');
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual([
      'Prod-Orders',
      'Prod-Orders-replicas-us-east-1',
    ]);
    const replicas = stage.node.findChild('Orders-replicas-us-east-1') as Stack;
    expect(replicas.node.children.map(({ node }) => node.id)).toEqual(expect.arrayContaining(['Key', 'Nested-Key']));
    Template.fromStack(replicas).resourceCountIs('AWS::KMS::ReplicaKey', 2);
    const model = readAssembly(app.synth().directory);
    const { keys } = accessMap(model);
    const verdict = (path: string, action: string) =>
      keys
        .find(({ key: { constructPath } }) => constructPath === path)
        ?.rows.find(({ grantee }) => grantee.name === 'Prod/Orders/Nested/Role')
        ?.cells.find((cell) => cell.action === action)?.decision.verdict;
    expect(verdict('Prod/Orders/Nested/Key', 'kms:Decrypt')).toBe('allowed');
    expect(verdict('Prod/Orders-replicas-us-east-1/Nested-Key', 'kms:Decrypt')).toBe('allowed');
    expect(verdict('Prod/Orders-replicas-us-east-1/Key', 'kms:Sign')).toBe('allowed');
    expect(verdict('Prod/Orders-replicas-us-east-1/Key', 'kms:GetPublicKey')).toBe('denied');
  });

  test('a stack without account works; one without Region does not', () => {
    const app = new App({ context });
    const stack = new Stack(app, 'Orders', { env: { region: 'eu-central-1' } });
    const key = new EncryptionKey(stack, 'Key', { replicaRegions: ['us-east-1'] });
    key.grants.decrypt(roleIn(stack, 'Role'));
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain(':kms:us-east-1:');

    const nowhere = new App({ context });
    new EncryptionKey(new Stack(nowhere, 'Orders'), 'Key', { replicaRegions: ['us-east-1'] });
    expect(() => nowhere.synth()).toThrow(
      /the stack of the primary key needs a known Region.*give it env: \{ region \}/,
    );
  });

  test('another stack may hold the role, whose permission does not wait for the replicas', () => {
    const app = new App({ context });
    const stack = new Stack(app, 'Orders', { env: FRANKFURT });
    const key = new EncryptionKey(stack, 'Key', { replicaRegions: ['us-east-1'] });
    const other = new Stack(app, 'Readers', { env: FRANKFURT });
    key.grants.decrypt(roleIn(other, 'Role'));
    const waiting = new Stack(app, 'Waiting', { env: FRANKFURT });
    new CfnOutput(new NestedStack(waiting, 'Nested'), 'Id', { value: key.replicas[0]?.keyId ?? '' });
    app.synth();
    const dependencies = (one: Stack) => one.dependencies.map(({ node }) => node.id).sort();
    expect(dependencies(other)).toEqual(['Orders']);
    expect(dependencies(waiting)).toEqual(['Orders', 'Orders-replicas-us-east-1']);
  });
});

describe('what is refused', () => {
  const refused = (props: object, region = 'eu-central-1') => {
    const app = new App({ context });
    new EncryptionKey(new Stack(app, 'Orders', { env: { region } }), 'Key', props);
    return () => app.synth();
  };

  test.each([
    ['the Region of the key', { replicaRegions: ['eu-central-1'] }, /replica Region eu-central-1 is the Region of the/],
    ['a Region twice', { replicaRegions: ['us-east-1', 'us-east-1'] }, /replicaRegions names us-east-1 twice/],
    ['two replicas in a Region', { replicas: [{ region: 'us-east-1' }, { region: 'us-east-1' }] }, /replicas names/],
    ['another partition', { replicaRegions: ['cn-north-1'] }, /in the partition aws-cn, the primary key .* in aws:/],
    ['what is no Region', { replicaRegions: ['Frankfurt'] }, /"Frankfurt": it is no name of a Region/],
    ['a single-Region key', { multiRegion: false, replicaRegions: ['us-east-1'] }, /leave multiRegion out/],
    ['a wrong alias', { replicas: [{ region: 'us-east-1', alias: 'alias/aws/x' }] }, /kept for AWS managed keys/],
    [
      'access that does nothing',
      { replicas: [{ region: 'us-east-1', access: [KeyAccess.decrypt([])] }] },
      /no principal/,
    ],
  ])('%s', (_name, props, message) => {
    expect(refused(props)).toThrow(message);
  });

  test('everything that is wrong is said at once', () => {
    expect(refused({ replicaRegions: ['eu-central-1', 'cn-north-1'] })).toThrow(
      /eu-central-1 is the Region[\s\S]*aws-cn/,
    );
  });

  test('China Regions have replicas in China', () => {
    expect(refused({ replicaRegions: ['cn-northwest-1'] }, 'cn-north-1')).not.toThrow();
  });

  test('a primary key that would wait for a replica that is kept, and material to import again, are said', () => {
    const app = new App({ context });
    const stack = new Stack(app, 'Orders', { env: FRANKFURT });
    new EncryptionKey(stack, 'Key', {
      origin: KeyOrigin.EXTERNAL,
      removalPolicy: RemovalPolicy.DESTROY,
      replicas: [{ region: 'us-east-1', removalPolicy: RemovalPolicy.RETAIN }],
    });
    const messages = Annotations.fromStack(app.node.findChild('Orders-replicas-us-east-1') as Stack);
    messages.hasWarning('*', Match.stringLikeRegexp('PendingReplicaDeletion'));
    messages.hasInfo('*', Match.stringLikeRegexp('imported in us-east-1 .*: keysmith import-material import --key <'));
  });

  test('a primary key whose policy comes later, and reaches no replica, is said as well', () => {
    const warnings = (reach: (app: App, stack: Stack) => IConstruct) => {
      const app = new App({ context });
      const stack = new Stack(app, 'Orders', { env: FRANKFURT });
      new EncryptionKey(stack, 'Key', { replicaRegions: ['us-east-1'] });
      RemovalPolicies.of(reach(app, stack)).destroy();
      const replicas = app.node.findChild('Orders-replicas-us-east-1') as Stack;
      return Annotations.fromStack(replicas).findWarning('*', Match.stringLikeRegexp('PendingReplicaDeletion'));
    };
    expect(warnings((_app, stack) => stack)).toHaveLength(1);
    expect(warnings((app) => app)).toEqual([]);
  });

  test('a stack of somebody else is not taken', () => {
    const app = new App({ context });
    new Stack(app, 'Orders-replicas-us-east-1');
    const stack = new Stack(app, 'Orders', { env: FRANKFURT });
    expect(() => new EncryptionKey(stack, 'Key', { replicaRegions: ['us-east-1'] })).toThrow(/give that another id/);
  });
});
