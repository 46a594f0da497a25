import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createLocalKms, type LocalCredentials, type LocalKms } from '@cdk-keysmith/local-kms';
import { ACCOUNT, DELEGATION, key, OTHER, role, writeApp } from './small-app.ts';
import { credentialsIn, sts } from './sts.ts';
import { failure } from './support.ts';

const arn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string, ...own: readonly object[]) => ({
  Type: 'AWS::IAM::User',
  Properties: {
    UserName: name,
    ...(own.length > 0 && {
      Policies: [{ PolicyName: 'Own', PolicyDocument: { Version: '2012-10-17', Statement: own } }],
    }),
  },
});
const managed = (name: string, statement: object) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    ManagedPolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: statement },
  },
});
const allows = (Principal: object, Action: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...(Condition && { Condition }),
});
const everyKey = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
const becomes = {
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  Resource: '*',
};
const OPERATOR = { AWS: `arn:aws:iam::${ACCOUNT}:user/operator` };

const app = writeApp(
  {
    Key: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'books' } },
    }),
    Operator: user('operator', becomes),
    External: role('external', [
      allows(OPERATOR, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'shared secret/1' } }),
    ]),
    Plain: role('plain', [allows(OPERATOR, 'sts:AssumeRole')], [everyKey]),
    Tagged: role(
      'tagged',
      [allows(OPERATOR, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])],
      [everyKey, becomes],
      { Tags: [{ Key: 'team', Value: 'books' }], MaxSessionDuration: 7200 },
    ),
    Next: role(
      'next',
      [allows({ AWS: ACCOUNT }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])],
      [everyKey],
    ),
    DataKeys: managed('data-keys', { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: '*' }),
    Descriptions: managed('descriptions', { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: '*' }),
    Refusal: managed('refusal', { Effect: 'Deny', Action: 'kms:GenerateDataKey', Resource: '*' }),
    Bounded: role('bounded', [
      allows(OPERATOR, 'sts:AssumeRole'),
      { ...allows({ AWS: '*' }, '*'), Effect: 'Deny', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
    ]),
  },
  {
    Stranger: user('stranger'),
    Guest: role('guest', [allows({ AWS: `arn:aws:iam::${ACCOUNT}:user/operator` }, 'sts:AssumeRole')]),
    Friend: role('friend', [allows({ AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` }, 'sts:AssumeRole')]),
  },
);
afterAll(app.remove);

const assume = (
  kms: LocalKms,
  credentials: LocalCredentials,
  roleName: string,
  more: Record<string, string> = {},
  account = ACCOUNT,
) => sts(kms, credentials, { Action: 'AssumeRole', RoleArn: arn(roleName, account), RoleSessionName: 'test', ...more });
const tag = (Key: string, Value: string, at = 1) => ({
  [`Tags.member.${at}.Key`]: Key,
  [`Tags.member.${at}.Value`]: Value,
});

describe('AssumeRole', () => {
  const kms = createLocalKms({ app: app.folder });
  const operator = kms.credentialsFor('operator');
  const dataKey = (credentials: LocalCredentials) =>
    new KMSClient({ ...kms.clientConfig(), credentials, maxAttempts: 1 }).send(
      new GenerateDataKeyCommand({ KeyId: String(kms.keys()[0]?.arn), KeySpec: 'AES_256' }),
    );

  test('asks for the external id that the trust policy wants', async () => {
    expect((await assume(kms, operator, 'external')).status).toBe(403);
    expect(kms.events.at(-1)?.explanation).toMatch(/requires that sts:ExternalId is "shared secret\/1"/);
    expect((await assume(kms, operator, 'external', { ExternalId: 'other' })).status).toBe(403);
    expect((await assume(kms, operator, 'external', { ExternalId: 'shared secret/1' })).xml).toContain(
      'ValidationError',
    );
  });

  test('needs the consent of both accounts where there are two', async () => {
    expect((await assume(kms, operator, 'guest', {}, OTHER)).status).toBe(200);
    expect((await assume(kms, operator, 'friend', {}, OTHER)).status).toBe(403);
    expect((await assume(kms, kms.credentialsFor('stranger'), 'next')).status).toBe(403);
  });

  test('heeds a Deny of a trust policy, and its condition', async () => {
    // The long-term credentials of a user do not say whether there was a second factor.
    expect((await assume(kms, operator, 'bounded')).status).toBe(200);
    const session = credentialsIn((await assume(kms, operator, 'tagged')).xml);
    expect((await assume(kms, session, 'bounded')).status).toBe(403);
    expect(kms.events.at(-1)?.explanation).toMatch(/denies sts:AssumeRole/);
  });

  test('lets no session live longer than its role says, an hour where it says nothing', async () => {
    const lasting = async (name: string, DurationSeconds: string) =>
      (await assume(kms, operator, name, { DurationSeconds })).status;
    expect([await lasting('plain', '3600'), await lasting('plain', '3601')]).toEqual([200, 400]);
    expect([await lasting('tagged', '7200'), await lasting('tagged', '7201')]).toEqual([200, 400]);
    // Whether a role may be assumed at all comes first.
    expect(await lasting('external', '7200')).toBe(403);
    expect((await assume(kms, operator, 'plain', { DurationSeconds: '7200' })).xml).toContain(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });

  test('gives the session the tags of the role, and its own before those', async () => {
    const plain = credentialsIn((await assume(kms, operator, 'plain')).xml);
    expect((await failure(dataKey(plain))).message).toMatch(/explicit deny in a resource-based policy/);
    const tagged = credentialsIn((await assume(kms, operator, 'tagged')).xml);
    expect((await dataKey(tagged)).Plaintext).toHaveLength(32);
    const other = credentialsIn((await assume(kms, operator, 'tagged', tag('TEAM', 'maps'))).xml);
    expect((await failure(dataKey(other))).message).toMatch(/explicit deny/);
  });

  test('takes tags only where the trust policy lets sessions be tagged', async () => {
    const { status, xml } = await assume(kms, operator, 'plain', tag('team', 'books'));
    expect([status, xml]).toEqual([403, expect.stringContaining('sts:TagSession')]);
  });

  test('passes transitive tags and the source identity on to the next role, and no others', async () => {
    const more = {
      ...tag('team', 'books'),
      ...tag('desk', '4', 2),
      'TransitiveTagKeys.member.1': 'team',
      SourceIdentity: 'mary',
    };
    const first = credentialsIn((await assume(kms, operator, 'tagged', more)).xml);
    const second = await assume(kms, first, 'next');
    expect(second.xml).toContain('<SourceIdentity>mary</SourceIdentity>');
    expect((await dataKey(credentialsIn(second.xml))).Plaintext).toHaveLength(32);
    expect((await assume(kms, first, 'next', tag('Team', 'maps'))).xml).toContain('ValidationError');
    expect((await assume(kms, first, 'next', { SourceIdentity: 'john' })).xml).toContain('ValidationError');
    expect((await assume(kms, first, 'next', tag('desk', '5'))).status).toBe(200);
  });

  test.each([
    ['a tag of AWS', tag('aws:team', 'x')],
    ['a tag twice', { ...tag('team', 'x'), ...tag('Team', 'y', 2) }],
    ['a transitive key without its tag', { 'TransitiveTagKeys.member.1': 'team' }],
    ['a tag with signs', tag('team', '<>')],
    ['51 tags', Object.assign({}, ...Array.from({ length: 51 }, (_, index) => tag(`k${index}`, 'v', index + 1)))],
    ['an endless source identity', { SourceIdentity: 'x'.repeat(65) }],
  ])('refuses %s', async (_what, more) => {
    const { status, xml } = await assume(kms, operator, 'tagged', more);
    expect([status, xml]).toEqual([400, expect.stringContaining('<Code>ValidationError</Code>')]);
  });
});

describe('managed session policies', () => {
  const kms = createLocalKms({ app: app.folder });
  const operator = kms.credentialsFor('operator');
  const policyArns = (...names: readonly string[]) =>
    Object.fromEntries(
      names.map((name, index) => [
        `PolicyArns.member.${index + 1}.arn`,
        name.startsWith('arn:') ? name : `arn:aws:iam::${ACCOUNT}:policy/${name}`,
      ]),
    );
  const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
  const sessionWith = async (more: Record<string, string>, to = kms) =>
    credentialsIn((await assume(to, to.credentialsFor('operator'), 'tagged', more)).xml);
  const outcome = async (credentials: LocalCredentials, to = kms) => {
    const client = new KMSClient({ ...to.clientConfig(), credentials, maxAttempts: 1 });
    const call = new GenerateDataKeyCommand({ KeyId: String(to.keys()[0]?.arn), KeySpec: 'AES_256' });
    await client.send(call).catch(() => undefined);
    const { verdict, reasons } = to.events.at(-1)?.decision ?? {};
    return `${verdict}: ${reasons?.join('; ')}`;
  };
  const inline = (Action: string) => ({
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } }),
  });

  test('of the app limit a session together, and with the inline one: one of them must allow', async () => {
    const asked = async (...names: readonly string[]) => outcome(await sessionWith(policyArns(...names)));
    expect(await asked('data-keys')).toMatch(/^allowed: /);
    expect(await asked('descriptions')).toMatch(/^denied: no session policy of App\/Tagged allows kms:GenerateDataKey/);
    expect(await asked('descriptions', 'data-keys')).toMatch(/^allowed: /);
    const both = { ...policyArns('descriptions'), ...inline('kms:GenerateDataKey') };
    expect(await outcome(await sessionWith(both))).toMatch(/^allowed: /);
    const neither = { ...policyArns('descriptions'), ...inline('kms:Encrypt') };
    expect(await outcome(await sessionWith(neither))).toMatch(/^denied: no session policy/);
  });

  test('deny whatever the others allow', async () => {
    const asked = { ...policyArns('data-keys', 'refusal'), ...inline('kms:*') };
    expect(await outcome(await sessionWith(asked))).toMatch(
      /^denied: statement 1 of policy App\/Refusal denies kms:GenerateDataKey/,
    );
  });

  test('of AWS count as AWS publishes them', async () => {
    const asked = async (name: string) => outcome(await sessionWith(policyArns(aws(name))));
    expect(await asked('AdministratorAccess')).toMatch(/^allowed: /);
    expect(await asked('AWSKeyManagementServicePowerUser')).toMatch(/^denied: no session policy/);
    expect(await asked('AmazonS3ReadOnlyAccess')).toMatch(/^denied: no session policy/);
  });

  test('whose text nobody here knows leave the session undecided', async () => {
    for (const [name, why] of [
      ['made-elsewhere', /its text is not in the app/],
      [aws('PolicyOfTheFuture'), /not among the policies of AWS as of/],
    ] as const) {
      const said = await outcome(await sessionWith(policyArns(name)));
      expect(said).toMatch(/^unknown: /);
      expect(said).toMatch(why);
      // What certainly allows does not help: the unknown one may deny.
      expect(await outcome(await sessionWith(policyArns(name, 'data-keys')))).toMatch(/^unknown: /);
      expect(await outcome(await sessionWith(policyArns(name, 'refusal')))).toMatch(/^denied: /);
    }
  });

  test('are read anew with the app', async () => {
    const changing = writeApp({
      Key: key(DELEGATION),
      Operator: user('operator', becomes),
      Tagged: role('tagged', [allows(OPERATOR, 'sts:AssumeRole')], [everyKey]),
      DataKeys: managed('data-keys', everyKey),
    });
    const own = createLocalKms({ app: changing.folder });
    const session = await sessionWith(policyArns('data-keys'), own);
    expect(await outcome(session, own)).toMatch(/^allowed: /);
    const file = join(changing.folder, 'App.template.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"ManagedPolicyName":"data-keys"', '"ManagedPolicyName":"x"'),
    );
    own.update();
    expect(await outcome(session, own)).toMatch(/^unknown: .*its text is not in the app/);
    changing.remove();
  });

  test.each<[string, Record<string, string>]>([
    ['no ARN', { 'PolicyArns.member.1.arn': 'data-keys' }],
    ['the ARN of a role', { 'PolicyArns.member.1.arn': arn('tagged') }],
    ['a policy of another account', policyArns(`arn:aws:iam::${OTHER}:policy/data-keys`)],
    ['eleven', policyArns(...Array.from({ length: 11 }, (_, index) => `p${index}`))],
    ['a gap', { 'PolicyArns.member.2.arn': `arn:aws:iam::${ACCOUNT}:policy/data-keys` }],
    ['another member', { 'PolicyArns.member.1.Arn': `arn:aws:iam::${ACCOUNT}:policy/data-keys` }],
  ])('are refused where there is %s', async (_what, more) => {
    const { status, xml } = await assume(kms, operator, 'tagged', more);
    expect([status, xml]).toEqual([400, expect.stringMatching(/<Code>ValidationError<.*policyArns/)]);
  });
});
