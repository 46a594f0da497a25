import { App, Aspects, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import { EncryptionKey, KeyServices, SigningKey, SigningKeySpec } from '../../lib';
import { AUTOMATIC_RULES } from '../../lib/services/automatic/rules';
import { MESSAGE_CASES } from './automatic-messages';
import {
  ACCOUNT,
  type Build,
  bucket,
  type Case,
  context,
  DELIVER,
  ENV,
  from,
  LOG,
  logsOf,
  queue,
  SEND,
} from './automatic-parts';
import { STORE_CASES } from './automatic-stores';

/* Statements that come by themselves when a key is given to a resource. Each case is a stack of one app. */

const CASES: Readonly<Record<string, Case>> = { ...MESSAGE_CASES, ...STORE_CASES };

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Principal: { readonly Service?: string; readonly AWS?: unknown };
  readonly Condition?: unknown;
}

const app = new App({ context });
const stacks = new Map<string, Stack>();
let made = 0;

/** A stack of the app with a key; the app is synthesized when the first test looks. */
function declare(name: string, build: Build, automaticServiceAccess?: boolean): void {
  made += 1;
  const stack = new Stack(app, `Test${made}`, { env: ENV });
  build(stack, new EncryptionKey(stack, 'Key', { automaticServiceAccess }));
  stacks.set(name, stack);
}

function statementsOf(name: string): readonly Statement[] {
  const stack = stacks.get(name);
  if (stack === undefined) throw new Error(`no case ${name}`);
  const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  const statements: Statement[] = key?.Properties.KeyPolicy.Statement;
  return statements.filter(({ Sid }) => Sid === undefined);
}

const inShort = ({ Principal, Action, Condition }: Statement) =>
  [Principal.Service, [Action].flat().sort().join(' '), Condition] as const;

const rendered = (expected: Case['expected']) =>
  expected.map(([service, allowed, condition]) => [`${service}.amazonaws.com`, allowed, condition]);

for (const [name, { build }] of Object.entries(CASES)) {
  declare(name, build);
}

const encryptedGroup = (stack: Stack, encryptionKey: EncryptionKey) =>
  new logs.LogGroup(stack, 'Group', { logGroupName: 'orders', encryptionKey });
const notifying = (stack: Stack, key: EncryptionKey, id = 'Bucket') => {
  const source = bucket(stack, undefined, id);
  source.addObjectCreatedNotification(new notifications.SqsDestination(queue(stack, key)));
  return source;
};

declare('nothing automatic: log group', encryptedGroup, false);
declare('nothing automatic: notification', (stack, key) => notifying(stack, key), false);
declare('opted out: log group', (stack, key) => KeyServices.optOut(encryptedGroup(stack, key)));
declare('opted out: all of a stack', (stack, key) => {
  encryptedGroup(stack, key);
  KeyServices.optOut(stack);
});
declare('opted out: one of two', (stack, key) => {
  const target = queue(stack, key);
  for (const id of ['One', 'Two']) {
    bucket(stack, undefined, id).addObjectCreatedNotification(new notifications.SqsDestination(target));
  }
  KeyServices.optOut(stack.node.findChild('Two'));
});
declare('explicit too', (stack, key) => key.services.logGroup(encryptedGroup(stack, key)));
declare('written by hand too', (stack, key) => {
  encryptedGroup(stack, key);
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logs.eu-west-1.amazonaws.com')],
      actions: LOG.split(' '),
      resources: ['*'],
      conditions: { ArnEquals: logsOf('log-group:orders') },
    }),
  );
});
declare('unlike what aws-cdk-lib writes', (_stack, key) => {
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
      actions: ['kms:GenerateDataKey'],
      resources: ['*'],
    }),
  );
});
{
  const global = new Stack(app, 'Signed', { env: { ...ENV, region: 'us-east-1' } });
  stacks.set('a signed hosted zone', global);
  const zone = new route53.PublicHostedZone(global, 'Zone', { zoneName: 'example.com' });
  const kmsKey = new SigningKey(global, 'Key', { keySpec: SigningKeySpec.ECC_NIST_P256 });
  new route53.KeySigningKey(global, 'KeySigningKey', { hostedZone: zone, kmsKey });
}
declare('an Auto Scaling group', (stack, kmsKey) => {
  const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', {
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-12345678' }),
    blockDevices: [{ deviceName: '/dev/sda1', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, kmsKey }) }],
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1, restrictDefaultSecurityGroup: false });
  new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    launchTemplate,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  });
});
declare('a launch template alone', (stack, kmsKey) => {
  new ec2.LaunchTemplate(stack, 'Template', {
    blockDevices: [{ deviceName: '/dev/sda1', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, kmsKey }) }],
  });
});
declare('a nested stack', (stack, key) => encryptedGroup(new NestedStack(stack, 'Nested'), key));
declare('another stack', (stack, key) => encryptedGroup(new Stack(app, 'Other', { env: ENV }), key) && stack);
declare('a bucket of another stack', (_stack, key) => {
  const elsewhere = new Stack(app, 'Elsewhere', { env: ENV });
  notifying(elsewhere, key);
});

test.each(Object.entries(CASES))('%s', (name, { expected }) => {
  const found = [...statementsOf(name)].map(inShort);
  expect(found).toHaveLength(expected.length);
  expect(found).toEqual(expect.arrayContaining(rendered(expected)));
});

test('every resource type that brings a statement along has a case', () => {
  const types = new Set(
    [...stacks.values()].flatMap((stack) =>
      stack.node
        .findAll()
        .filter(CfnResource.isCfnResource)
        .map(({ cfnResourceType }) => cfnResourceType),
    ),
  );
  const missing = AUTOMATIC_RULES.map(({ type }) => type).filter((type) => !types.has(type));
  expect(missing).toEqual([]);
});

test('a hosted zone that is signed, in place of the statements of aws-cdk-lib, brings its statements along', () => {
  const found = statementsOf('a signed hosted zone').map(inShort);
  const zone = {
    'aws:SourceArn': { 'Fn::Join': ['', ['arn:aws:route53:::hostedzone/', { Ref: expect.stringMatching(/^Zone/) }]] },
  };
  expect(found).toEqual([
    [
      'dnssec-route53.amazonaws.com',
      'kms:DescribeKey kms:GetPublicKey kms:Sign',
      { StringEquals: ACCOUNT, ArnEquals: zone },
    ],
    [
      'dnssec-route53.amazonaws.com',
      'kms:CreateGrant',
      { StringEquals: ACCOUNT, ArnEquals: zone, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    ],
  ]);
});

describe('what comes by itself can be kept away', () => {
  const logGroup = ['logs.eu-west-1.amazonaws.com', LOG, { ArnEquals: logsOf('log-group:orders') }];

  test('from a key: then only what aws-cdk-lib writes is there, narrowed as far as it can be', () => {
    expect(statementsOf('nothing automatic: log group')).toEqual([]);
    expect(statementsOf('nothing automatic: notification').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });

  test('from a resource, and from all in a construct', () => {
    expect(statementsOf('opted out: log group')).toEqual([]);
    expect(statementsOf('opted out: all of a stack')).toEqual([]);
  });

  test('and what aws-cdk-lib lets in for a resource that was opted out is not taken away for the sake of another', () => {
    expect(statementsOf('opted out: one of two').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });

  test.each(['explicit too', 'written by hand too', 'a nested stack', 'another stack'])(
    'one statement of one kind: %s',
    (name) => {
      expect(statementsOf(name).map(inShort)).toEqual([logGroup]);
    },
  );

  test('a statement that is not exactly one of aws-cdk-lib stays as its author wrote it', () => {
    expect(statementsOf('unlike what aws-cdk-lib writes').map(inShort)).toEqual([
      ['s3.amazonaws.com', 'kms:GenerateDataKey', undefined],
    ]);
  });

  test('a resource of another stack is not referred to', () => {
    expect(statementsOf('a bucket of another stack').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });
});

test('an Auto Scaling group whose launch template has a volume under the key brings its role along', () => {
  const role = 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
  const found = statementsOf('an Auto Scaling group').map(({ Principal, Action, Condition }) => [
    Principal.AWS,
    [Action].flat().sort().join(' '),
    Condition,
  ]);
  expect(found).toEqual([
    [role, DELIVER, undefined],
    [role, 'kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } }],
  ]);
  expect(statementsOf('a launch template alone')).toEqual([]);
});

test('each Stage has one Aspect of its own, whatever the number of keys', () => {
  const root = new App({ context });
  const stages = ['Test', 'Prod'].map((id) => new Stage(root, id, { env: ENV }));
  for (const stage of stages) {
    const stack = new Stack(stage, 'Stack');
    encryptedGroup(stack, new EncryptionKey(stack, 'One'));
    new EncryptionKey(stack, 'Two');
  }
  expect(stages.map((stage) => Aspects.of(stage).all.length)).toEqual([1, 1]);
  expect(Aspects.of(root).all).toHaveLength(0);
  const assembly = root.synth();
  for (const stage of stages) {
    const [artifact] = assembly.getNestedAssembly(stage.artifactId).stacks;
    expect(JSON.stringify(artifact?.template)).toContain('kms:EncryptionContext:aws:logs:arn');
  }
});

test('synthesis a second time changes nothing', () => {
  const root = new App({ context });
  const stack = new Stack(root, 'Stack', { env: ENV });
  notifying(stack, new EncryptionKey(stack, 'Key'));
  const first = root.synth({ force: true }).stacks[0]?.template;
  expect(root.synth({ force: true }).stacks[0]?.template).toEqual(first);
});

test('a use that is asked for after the policy was rendered still gets its statement', () => {
  const stack = new Stack(new App({ context }), 'Stack', { env: ENV });
  const key = new EncryptionKey(stack, 'Key');
  key.services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'One', 'one'));
  const look = () => JSON.stringify(stack.resolve((key.node.defaultChild as kms.CfnKey).keyPolicy));
  expect(look()).not.toContain('log-group:two');
  key.services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'Two', 'two'));
  expect(look()).toContain('log-group:one');
  expect(look()).toContain('log-group:two');
});
