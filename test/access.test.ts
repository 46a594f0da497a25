import {
  type Assembly,
  accessChangers,
  accessMap,
  checkAssembly,
  readAssembly,
  valueInWords,
} from '@cdk-keysmith/access';
import { App, CrossStackReferences, NestedStack, ReferenceStrength, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { OrdersStack } from '../bin/orders-stack';

/* What the CDK of today writes is what packages/access reads: its own tests know assemblies by their form only. */

const { context } = require('../cdk.json');
const IRELAND = { account: '111122223333', region: 'eu-west-1' };

function problemsOf({ stacks, keys, principals, grants, vpcEndpoints }: Assembly): readonly string[] {
  return [...stacks, ...keys, ...principals, ...grants, ...vpcEndpoints].flatMap(({ problems }) => problems);
}

/** Every decision has its reason, and the reasons of unknown ones are listed. */
function expectExplained(assembly: Assembly): void {
  const { keys, unknowns } = accessMap(assembly);
  const cells = keys.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  expect(cells.length).toBeGreaterThan(0);
  for (const { decision } of cells) {
    const [{ text = '' } = {}] = decision.reasons;
    expect(text).toMatch(/./);
    if (decision.verdict === 'unknown') expect(unknowns.some((line) => line.endsWith(text))).toBe(true);
  }
}

test('the example application is understood in full', () => {
  // Its functions need not be bundled to be understood.
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  new OrdersStack(app, 'Orders');
  const assembly = readAssembly(app.synth().directory);
  expect(problemsOf(assembly)).toEqual([]);
  expect(accessMap(assembly).unknowns).toEqual([]);
  expectExplained(assembly);
  // What this repository shows as an example, its own rules find nothing in.
  expect(checkAssembly(assembly)).toEqual([]);
  const [key] = assembly.keys;
  // The construct that makes the key is of this repository; an author's own line comes first where it is installed.
  expect(key?.source?.file).toMatch(/declared-key\.ts$/);
  expect(assembly.functions.every(({ role }) => role !== undefined)).toBe(true);
});

describe('an application of several accounts, Regions, stages and nested stacks', () => {
  const app = new App({ context });
  const primary = new Stack(app, 'Primary', { env: IRELAND, crossRegionReferences: true });
  const key = new kms.Key(primary, 'Key', { multiRegion: true, alias: 'alias/orders' });
  const nested = new NestedStack(primary, 'Nested');
  const reader = new iam.Role(nested, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  key.grantDecrypt(reader);

  const weak = new Stack(app, 'Weak', { env: { ...IRELAND, region: 'us-east-1' }, crossRegionReferences: true });
  CrossStackReferences.of(weak).consume(ReferenceStrength.WEAK);
  const strong = new Stack(app, 'Strong', { env: { ...IRELAND, region: 'us-west-2' }, crossRegionReferences: true });
  CrossStackReferences.of(strong).consume(ReferenceStrength.STRONG);
  for (const stack of [weak, strong]) {
    const keyPolicy = new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'], principals: [new iam.AccountRootPrincipal()] }),
      ],
    });
    const replica = new kms.CfnReplicaKey(stack, 'Replica', { primaryKeyArn: key.keyArn, keyPolicy });
    new kms.CfnAlias(stack, 'Alias', { aliasName: 'alias/orders', targetKeyId: replica.ref });
  }

  const stage = new Stage(app, 'Prod', { env: { account: '444455556666', region: 'eu-central-1' } });
  const staged = new Stack(stage, 'App');
  const own = new kms.Key(staged, 'Own');
  const group = new iam.Group(staged, 'Team');
  group.addUser(new iam.User(staged, 'User', { path: '/people/' }));
  own.grantEncrypt(group);
  const auditor = new lambda.Function(staged, 'Auditor', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  auditor.role?.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AWSKeyManagementServicePowerUser'));
  new AwsCustomResource(staged, 'Policy', {
    onUpdate: {
      service: 'KMS',
      action: 'putKeyPolicy',
      parameters: { KeyId: own.keyId },
      physicalResourceId: PhysicalResourceId.of('policy'),
    },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [own.keyArn] }),
    installLatestAwsSdk: false,
  });
  const assembly = readAssembly(app.synth().directory);
  const verdict = (path: string, grantee: string, action: string) => {
    const { rows = [] } = accessMap(assembly).keys.find(({ key: { constructPath } }) => constructPath === path) ?? {};
    const { cells = [] } = rows.find((row) => row.grantee.name === grantee) ?? {};
    return cells.find((cell) => cell.action === `kms:${action}`)?.decision.verdict;
  };

  test('is understood, and what is unknown is explained', () => {
    expect(problemsOf(assembly)).toEqual([]);
    expectExplained(assembly);
  });

  test('has its replica keys, by references of every strength', () => {
    const replicas = assembly.keys.filter(({ replicaOf }) => replicaOf !== undefined);
    expect(replicas.map(({ constructPath, replicaOf }) => [constructPath, replicaOf?.primary?.constructPath])).toEqual([
      ['Weak/Replica', 'Primary/Key'],
      ['Strong/Replica', 'Primary/Key'],
    ]);
    expect(replicas.map(({ arn }) => valueInWords(arn).replace(/\$.*/, ''))).toEqual([
      'arn:aws:kms:us-east-1:111122223333:key/',
      'arn:aws:kms:us-west-2:111122223333:key/',
    ]);
    expect(assembly.aliases.map(({ stack, key: target }) => [stack, target?.constructPath])).toEqual([
      ['Primary', 'Primary/Key'],
      ['Weak', 'Weak/Replica'],
      ['Strong', 'Strong/Replica'],
    ]);
  });

  test('joins principals with keys across nested stacks, groups and policies of AWS', () => {
    expect(verdict('Primary/Key', 'Primary/Nested/Reader', 'Decrypt')).toBe('allowed');
    expect(verdict('Prod/App/Own', 'Prod/App/User', 'Encrypt')).toBe('allowed');
    expect(verdict('Prod/App/Own', 'Prod/App/Auditor/ServiceRole', 'TagResource')).toBe('allowed');
    expect(verdict('Prod/App/Own', 'Prod/App/Auditor/ServiceRole', 'Decrypt')).toBe('denied');
  });

  test('says where each thing is written', () => {
    const declared = [...assembly.keys, ...assembly.principals].filter(({ stack }) => stack !== 'Strong');
    for (const { constructPath, source } of declared) {
      expect([constructPath, source?.file, source?.line]).toEqual([
        constructPath,
        expect.stringMatching(/(access\.test\.ts|\.template\.json)$/),
        expect.any(Number),
      ]);
    }
  });

  test('says which code may change a key policy, and who deploys', () => {
    const changers = accessChangers(assembly).map(({ key: { constructPath }, customResources, actions }) => {
      return [constructPath, customResources.map((one) => one.constructPath), actions.map(({ action }) => action)];
    });
    expect(changers).toEqual([['Prod/App/Own', ['Prod/App/Policy'], ['kms:PutKeyPolicy']]]);
    const roles = assembly.stacks.map(({ name, executionRoleArn }) => [name, valueInWords(executionRoleArn ?? '')]);
    expect(roles).toContainEqual([
      'Primary',
      'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1',
    ]);
  });
});
