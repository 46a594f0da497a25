import { KMSClient } from '@aws-sdk/client-kms';
import { envelope } from '@cdk-keysmith/envelope';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { EncryptionKey, Envelope } from '../../lib';

const NODE = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler' };
const CODE = lambda.Code.fromInline('exports.handler = async () => {};');
const VARIABLE = 'KEYSMITH_ENVELOPE_Orders';

function declare() {
  const app = new App();
  const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  const orders = new Envelope(stack, 'Orders', {
    key: new EncryptionKey(stack, 'Key'),
    context: { service: 'orders' },
  });
  return { app, stack, orders };
}

function taskIn(stack: Stack, id = 'Task') {
  const task = new ecs.FargateTaskDefinition(stack, id);
  const container = task.addContainer('Clerk', { image: ecs.ContainerImage.fromRegistry('clerk') });
  return { task, container };
}

test('a container seals with the role of its task and the value that its author gives it', async () => {
  const { app, stack, orders } = declare();
  const { task, container } = taskIn(stack);
  container.addEnvironment(orders.variableName, orders.environmentValue(task.taskRole));
  // The value was asked for before: it is what is granted when everything is declared.
  orders.grantEncrypt(task.taskRole);
  orders.grantDecrypt(task.taskRole);
  const local = createLocalKms({ app: app.synth().directory });
  const env = local.environmentFor('Shop/Task/Clerk');
  expect(JSON.parse(env[VARIABLE] ?? '')).toMatchObject({ direction: 'both', context: { service: 'orders' } });

  const helper = envelope('Orders', { env, kms: new KMSClient(local.clientConfig('Shop/Task/Clerk')) });
  expect(await helper.decrypt(await helper.encrypt('two boxes', {}), {}, 'text')).toBe('two boxes');
  await local.close();
});

test('what has the value and no permission is refused; what has the permission and no value is warned of', () => {
  const { app, stack, orders } = declare();
  orders.environmentValue(taskIn(stack).task.taskRole);
  expect(() => app.synth()).toThrow(
    '[Shop/Orders] Shop/Task/TaskRole is given the environment value and no permission, so the helper would be denied',
  );

  const other = declare();
  other.orders.grantEncrypt(new iam.Role(other.stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
  other.app.synth();
  Annotations.fromStack(other.stack).hasWarning(
    '/Shop/Orders',
    Match.stringLikeRegexp('Shop/Role has the permission and, as far as is known here, no environment value'),
  );
});

test('whatever kind of function has its environment in the template gets the value from the grant', () => {
  const { stack, orders } = declare();
  orders.grantEncrypt(new lambda.Function(stack, 'Plain', { ...NODE, code: CODE }));
  orders.grantEncrypt(
    new lambda.DockerImageFunction(stack, 'Image', {
      code: lambda.DockerImageCode.fromEcr(ecr.Repository.fromRepositoryName(stack, 'Images', 'clerk')),
    }),
  );
  orders.grantEncrypt(new lambda.SingletonFunction(stack, 'Single', { ...NODE, code: CODE, uuid: 'one' }));
  const variables = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Object.keys(Properties.Environment.Variables),
  );
  expect(variables).toEqual([[VARIABLE], [VARIABLE], [VARIABLE]]);
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});

describe('throws, with what to do, for', () => {
  const { stack, orders } = declare();
  const plain = new lambda.Function(stack, 'Plain', { ...NODE, code: CODE });
  test.each<[string, iam.IGrantable, string]>([
    ['a version', plain.currentVersion, 'grant to Shop/Plain itself, of which currentVersion then makes a new version'],
    ['an alias', plain.addAlias('live'), 'cannot grant to Shop/Plain/Aliaslive: the environment of a version'],
    [
      'an imported function',
      lambda.Function.fromFunctionArn(stack, 'Theirs', 'arn:aws:lambda:eu-west-1:111122223333:function:theirs'),
      'grant to its role, and put environmentValue of that role where the function is declared',
    ],
    [
      'a container',
      taskIn(stack).container as IConstruct as unknown as iam.IGrantable,
      'for a container to the taskRole of its task',
    ],
    ['nothing', undefined as unknown as iam.IGrantable, 'Shop/Orders: cannot grant to undefined'],
  ])('%s', (_name, grantee, text) => {
    expect(() => orders.grantDecrypt(grantee)).toThrow(text);
    expect(() => orders.environmentValue(grantee)).toThrow(text);
  });
});

test('a value that is written over that of the envelope is refused', () => {
  const { app, stack, orders } = declare();
  const plain = new lambda.Function(stack, 'Plain', { ...NODE, code: CODE });
  orders.grantDecrypt(plain);
  plain.addEnvironment(VARIABLE, '{}');
  expect(() => app.synth()).toThrow(
    '[Shop/Orders] the variable KEYSMITH_ENVELOPE_Orders of Shop/Plain has another value than that of this envelope',
  );
});
