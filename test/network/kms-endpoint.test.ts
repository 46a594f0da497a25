import { accessMap, readAssembly } from '@cdk-keysmith/access';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EncryptionKey, KmsEndpoint, type KmsEndpointProps, SigningKey, SigningKeySpec } from '../../lib';

const { context } = require('../../cdk.json');
const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };

function network(region = 'eu-central-1') {
  const app = new App({ context });
  const stack = new Stack(app, 'Net', { env: { ...FRANKFURT, region } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 });
  const key = new EncryptionKey(stack, 'Key');
  const handler = () =>
    new lambda.Function(stack, 'Handler', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
    });
  const endpoint = (props: Partial<KmsEndpointProps> = {}) =>
    new KmsEndpoint(stack, 'Endpoint', {
      vpc,
      keys: [key],
      subnets: { subnetType: ec2.SubnetType.PUBLIC },
      ...props,
    });
  return { app, stack, key, handler, endpoint };
}
const policyOf = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'))[0]?.Properties.PolicyDocument
    .Statement as Record<string, unknown>[];

test('only these keys pass, for principals of the account, by the usual name of KMS', () => {
  const { stack, endpoint } = network();
  endpoint();
  expect(policyOf(stack)).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'kms:*',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
    },
  ]);
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::VPCEndpoint', {
    PrivateDnsEnabled: true,
    ServiceName: 'com.amazonaws.eu-central-1.kms',
    VpcEndpointType: 'Interface',
  });
});

test('roles, accounts and an organization are let through each by what says who they are', () => {
  const { stack, endpoint } = network();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  endpoint({
    principals: [role, new iam.AccountPrincipal('444455556666')],
    organizationId: 'o-abcdefghij',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
  });
  expect(policyOf(stack).map(({ Condition, Action }) => [Condition, Action])).toEqual(
    [
      { StringEquals: { 'aws:PrincipalAccount': '444455556666' } },
      { ArnEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] } } },
      { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    ].map((condition) => [condition, ['kms:Decrypt', 'kms:GenerateDataKey']]),
  );
});

test('an account is one by whichever principal it is named', () => {
  const { stack, endpoint } = network();
  const accounts = ['arn:aws:iam::111122223333:root', '123456789012'].map((arn) => new iam.ArnPrincipal(arn));
  endpoint({ principals: [...accounts, new iam.AccountPrincipal('444455556666')] });
  expect(policyOf(stack).map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'aws:PrincipalAccount': ['111122223333', '123456789012', '444455556666'] } },
  ]);
});

test('the other way round: a key that can be used through the endpoint alone, in words', () => {
  const { app, stack, key, endpoint } = network();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  key.grants.decrypt(role, { vpcEndpoints: [endpoint().endpoint] });
  const { rows = [] } = accessMap(readAssembly(app.synth().directory)).keys[0] ?? {};
  const cell = rows
    .find(({ grantee }) => grantee.name === 'Net/Role')
    ?.cells.find(({ action }) => action === 'kms:Decrypt');
  expect(cell?.decision.verdict).toBe('allowed-if');
  expect(JSON.stringify(cell?.decision)).toContain('aws:SourceVpce');
});

test('FIPS: the endpoint and the functions are told', () => {
  const { stack, handler, endpoint } = network();
  endpoint({ fips: true, functions: [handler()] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-central-1.kms-fips' });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { AWS_USE_FIPS_ENDPOINT: 'true' } },
  });
});

test('FIPS is refused where KMS has no such endpoint, and doubted where nothing is known', () => {
  const china = network('cn-north-1');
  expect(() => KmsEndpoint.useFipsEndpoint(china.handler())).toThrow(/KMS has no FIPS endpoint in cn-north-1/);
  china.endpoint({ fips: true });
  expect(() => china.app.synth()).toThrow(/KMS has no FIPS endpoint in cn-north-1/);
  const unknown = network('ap-east-2');
  KmsEndpoint.useFipsEndpoint(unknown.handler());
  Annotations.fromStack(unknown.stack).hasWarning('*', Match.stringLikeRegexp('nothing is known.*ap-east-2'));
});

test('of a multi-Region key it is the replica of the Region', () => {
  const app = new App({ context });
  const primary = new Stack(app, 'Primary', { env: { ...FRANKFURT, region: 'us-east-1' } });
  const key = new EncryptionKey(primary, 'Key', { replicaRegions: ['eu-central-1'] });
  const stack = new Stack(app, 'Net', { env: FRANKFURT });
  new KmsEndpoint(stack, 'Endpoint', {
    vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 }),
    subnets: { subnetType: ec2.SubnetType.PUBLIC },
    keys: [key],
  });
  app.synth();
  const resource = JSON.stringify(policyOf(stack)[0]?.['Resource']);
  expect(resource).toContain('replicas-eu-central-1');
  expect(resource).not.toContain('us-east-1:');
});

test.each<[string, (net: ReturnType<typeof network>) => Partial<KmsEndpointProps>, RegExp]>([
  ['no key', () => ({ keys: [] }), /keys is empty/],
  ['no action', () => ({ actions: [] }), /actions is empty/],
  ['no security group', () => ({ securityGroups: [] }), /securityGroups is empty/],
  ['an action that does not exist', () => ({ actions: ['kms:Decrpyt'] }), /"kms:Decrpyt" is no action/],
  ['an action that suits none of the keys', () => ({ actions: ['kms:Sign'] }), /"kms:Sign" does not suit/],
  ['a service', () => ({ principals: [new iam.ServicePrincipal('s3.amazonaws.com')] }), /has no ARN/],
  [
    'several principals in one',
    () => ({
      principals: [
        new iam.CompositePrincipal(
          new iam.AccountPrincipal('444455556666'),
          new iam.ServicePrincipal('s3.amazonaws.com'),
        ),
      ],
    }),
    /name them one by one/,
  ],
  [
    'a principal under conditions',
    () => ({
      principals: [
        new iam.AccountPrincipal('444455556666').withConditions({ Bool: { 'aws:SecureTransport': 'true' } }),
      ],
    }),
    /has conditions, which the policy of the endpoint would not have/,
  ],
  [
    'a session',
    () => ({ principals: [new iam.ArnPrincipal('arn:aws:sts::111122223333:assumed-role/reader/session')] }),
    /is a session/,
  ],
  ['no organization', () => ({ organizationId: 'my-org' }), /it is "o-" and 10 to 32/],
  ['functions without FIPS', ({ handler }) => ({ functions: [handler()] }), /set fips, or leave functions out/],
  [
    'a key of another Region',
    ({ app }) => {
      const other = new Stack(app, 'Other', { env: { ...FRANKFURT, region: 'us-east-1' } });
      return { keys: [new SigningKey(other, 'Key', { keySpec: SigningKeySpec.RSA_3072 })] };
    },
    /is in us-east-1 and has no replica in eu-central-1/,
  ],
])('%s is refused', (_name, props, message) => {
  const net = network();
  net.endpoint(props(net));
  expect(() => net.app.synth()).toThrow(message);
});
