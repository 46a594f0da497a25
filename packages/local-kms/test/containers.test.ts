import { cpSync } from 'node:fs';
import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { ACCOUNT, DELEGATION, type Json, key, role, writeApp } from './small-app.ts';
import { failure } from './support.ts';

/* Containers of ECS task definitions: their code calls KMS as the task role, with their own variables. */

const USE = { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } };
const TASKS = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
const container = (Name: unknown, Environment: readonly Json[] = []) => ({ Name, Environment });
const task = (TaskRoleArn: unknown, ...ContainerDefinitions: readonly Json[]): Json => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ...(TaskRoleArn !== undefined && { TaskRoleArn }), ContainerDefinitions },
});
const ROLE_ARN = { 'Fn::GetAtt': ['Role', 'Arn'] };
const APP = {
  Key: key(DELEGATION),
  Role: role('clerks', [TASKS], [USE]),
  Task: task(
    ROLE_ARN,
    container('Clerk', [
      { Name: 'KEY', Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      { Name: 'LATER', Value: { 'Fn::GetAtt': ['Elsewhere', 'Url'] } },
    ]),
    container('Sidecar'),
  ),
  Bare: task(undefined, container('Clerk')),
  Foreign: task(`arn:aws:iam::${ACCOUNT}:role/of-another-team`, container('Guest')),
  Nameless: task(ROLE_ARN, container({ Ref: 'Elsewhere' })),
};

const { folder, remove } = writeApp(APP);
afterAll(remove);

test('a container calls as the task role, with its variables and without those that nobody knows yet', async () => {
  await using kms = createLocalKms({ app: folder });
  const [{ arn } = { arn: '' }] = kms.keys();
  expect(kms.environmentFor('Task/Clerk')).toMatchObject({ KEY: arn, AWS_REGION: 'us-east-1' });
  expect(kms.environmentFor('App/Task/Sidecar')).not.toHaveProperty('KEY');
  expect(kms.problems).toEqual([
    'container App/Task/Clerk has no variable LATER here: a part of it is known after deployment only',
    'a container of App/Nameless was not made: its name is not known before deployment',
  ]);
  const client = await kms.client({ as: 'Sidecar' });
  await client.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256' }));
  expect(kms.events.at(-1)).toMatchObject({ userIdentity: { arn: expect.stringContaining(':assumed-role/clerks/') } });
  expect(kms.principals().filter(({ type }) => type === 'container')).toMatchObject([
    { name: 'App/Task/Clerk', arn: `arn:aws:iam::${ACCOUNT}:role/clerks` },
    { name: 'App/Task/Sidecar' },
    { name: 'App/Bare/Clerk', arn: undefined },
    { name: 'App/Foreign/Guest', arn: `arn:aws:iam::${ACCOUNT}:role/of-another-team` },
  ]);
});

test.each([
  [
    'Bare/Clerk',
    'UNKNOWN_PRINCIPAL',
    'container "Bare/Clerk" has no credentials: its task definition has no task role',
  ],
  ['Guest', 'UNKNOWN_PRINCIPAL', /^container "Guest" runs as .*of-another-team, which the app does not declare/],
  ['Clerk', 'AMBIGUOUS_PRINCIPAL', /say one of App\/Task\/Clerk, App\/Bare\/Clerk$/],
])('%s gets no credentials, and is told why', async (name, code, message) => {
  await using kms = createLocalKms({ app: folder });
  const error = await failure(kms.client({ as: name }));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});

test('an update tells what changed in a container', async () => {
  await using kms = createLocalKms({ app: folder });
  const changed = writeApp({ ...APP, Task: task(ROLE_ARN, container('Clerk', [{ Name: 'KEY', Value: 'none' }])) });
  try {
    cpSync(changed.folder, folder, { recursive: true });
    expect(kms.update()).toEqual([
      { kind: 'container', name: 'App/Task/Clerk', change: 'changed', details: ['environment'] },
      { kind: 'container', name: 'App/Task/Sidecar', change: 'removed', details: [] },
    ]);
  } finally {
    changed.remove();
  }
});
