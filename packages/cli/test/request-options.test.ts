import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysmith } from './support/in-process.ts';

/* Options that say more than the app does: about a request, about the organization, and which of many things is meant. */

const folder = mkdtempSync(join(tmpdir(), 'keysmith-options-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

type Json = Readonly<Record<string, unknown>>;

const document = (...Statement: Json[]): Json => ({ Version: '2012-10-17', Statement });
const root = { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:root` };
const delegation = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' };
const at = (path: string) => ({ Metadata: { 'aws:cdk:path': `${path}/Resource` } });
const key = (path: string) => {
  return { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(delegation) }, ...at(path) };
};
const role = (path: string, ...statements: Json[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: document(),
    Policies: [{ PolicyName: 'Use', PolicyDocument: document(...statements) }],
  },
  ...at(path),
});
const may = (Action: string, Condition: Json = {}): Json => ({ Effect: 'Allow', Action, Resource: '*', Condition });

const app = fileOf('App.json', {
  Resources: {
    Key: key('Orders/Key'),
    Archive: key('Archive/Key'),
    Through: role(
      'Orders/Through',
      may('kms:Decrypt', { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }),
    ),
    ByAlias: role('Orders/ByAlias', may('kms:Decrypt', { StringEquals: { 'kms:RequestAlias': 'alias/orders' } })),
    Reader: role('Orders/Reader', may('kms:Decrypt')),
    Other: role('Archive/Reader', may('kms:Decrypt')),
  },
});

/** The verdicts of `who-can Decrypt Orders/Key`, by name. */
async function whoCan(...options: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await keysmith(['who-can', 'Decrypt', 'Orders/Key', '--app', app, '--format', 'json', ...options]);
  const { principals } = JSON.parse(stdout) as { principals: { name: string; verdict: string }[] };
  return Object.fromEntries(principals.map(({ name, verdict }) => [name, verdict]));
}

describe('what is said about a request', () => {
  test('--via is the service that calls: without it, it is open', async () => {
    expect((await whoCan())['Orders/Through']).toBe('allowed-if');
    expect((await whoCan('--via', 's3.eu-west-1.amazonaws.com'))['Orders/Through']).toBe('allowed');
    expect((await whoCan('--via', 'sqs.eu-west-1.amazonaws.com'))['Orders/Through']).toBe('denied');
    expect((await whoCan('--complete'))['Orders/Through']).toBe('denied');
  });

  test('--alias is the alias by which the key is named', async () => {
    expect((await whoCan())['Orders/ByAlias']).toBe('allowed-if');
    expect((await whoCan('--alias', 'alias/orders'))['Orders/ByAlias']).toBe('allowed');
    expect((await whoCan('--alias', 'alias/archive'))['Orders/ByAlias']).toBe('denied');
  });

  test('--context takes names that differ in case for two names, as encryption does, and values that are empty', async () => {
    expect(await whoCan('--context', 'tenant=a', '--context', 'Tenant=')).toHaveProperty(['Orders/Reader'], 'allowed');
  });

  test('why goes by the same options', async () => {
    const words = ['why', 'Orders/ByAlias', 'Decrypt', 'Orders/Key', '--app', app];
    expect((await keysmith([...words, '--alias', 'alias/orders'])).stdout).toMatch(/\nallowed:/);
    expect((await keysmith([...words, '--alias', 'alias/archive'])).stdout).toMatch(/but not here/);
  });

  test.each([
    [['--alias', 'orders'], 'It must begin with "alias/".'],
    [['--condition', '=b'], 'It must be a name, an equals sign and a value.'],
    [['--via='], 'It needs a value.'],
    [['--context', 'tenant=a', '--context', 'tenant=b'], 'It gives tenant a second time.'],
    [['--condition', 'aws:SourceArn=a', '--condition', 'AWS:sourceArn=b'], 'It gives AWS:sourceArn a second time.'],
  ])('%j is refused', async (options, message) => {
    const { code, stderr } = await keysmith(['who-can', 'Decrypt', 'Orders/Key', '--app', app, ...options]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('policies of the organization', () => {
  const service = fileOf('scp.json', document({ Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }));
  const resource = fileOf(
    'rcp.json',
    document({ Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }),
  );
  const listed = fileOf('organization.json', [
    { level: 1, target: 'root', type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess' },
    { level: 2, target: 'Workloads', type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess' },
    { level: 2, target: 'Workloads', type: 'SERVICE_CONTROL_POLICY', name: 'Keys', file: 'scp.json' },
  ]);

  test.each([
    ['--scp', service],
    ['--scp', listed],
    ['--rcp', resource],
  ])('%s %s denies to a role of the app', async (option, file) => {
    expect((await whoCan(option, file))['Orders/Reader']).toBe('denied');
    const access = await keysmith(['access', app, '--key', 'Orders/Key', '--principal', 'Orders/Reader', option, file]);
    expect(access.stdout).toMatch(/Orders\/Reader( +–)+/);
    const why = await keysmith(['why', 'Orders/Reader', 'Decrypt', 'Orders/Key', '--app', app, option, file]);
    expect(why.stdout).toContain('denied explicitly');
  });

  test('are read by one reader, whatever the command: what is wrong with a file is told of it', async () => {
    const wrong = fileOf('wrong.json', document({ Effect: 'deny', Action: 'kms:Decrypt', Resource: '*' }));
    for (const words of [
      ['access', app],
      ['check', app],
      ['who-can', 'Decrypt', 'Orders/Key', '--app', app],
      ['why', 'Orders/Reader', 'Decrypt', 'Orders/Key', '--app', app],
      ['diff', app, app],
    ]) {
      const { code, stderr } = await keysmith([...words, '--scp', wrong]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('wrong.json') });
      expect(stderr).toContain('Effect must be "Allow" or "Deny", not "deny"');
      expect((await keysmith([...words, '--rcp', join(folder, 'none.json')])).code).toBe(1);
    }
  });

  test('count for both states of a difference', async () => {
    const wider = fileOf('Wider.json', {
      Resources: { Key: key('Orders/Key'), Reader: role('Orders/Reader', may('kms:*')) },
    });
    const before = fileOf('Before.json', { Resources: { Key: key('Orders/Key'), Reader: role('Orders/Reader') } });
    const gained = async (...options: string[]) => {
      const { stdout } = await keysmith(['diff', before, wider, '--format', 'json', ...options]);
      const { changes } = JSON.parse(stdout) as { changes: { actions: string[] }[] };
      return changes.flatMap(({ actions }) => actions);
    };
    expect(await gained()).toContain('kms:Decrypt');
    const limited = await gained('--scp', service);
    expect(limited).toContain('kms:Encrypt');
    expect(limited).not.toContain('kms:Decrypt');
  });
});

describe('a name that more than one thing has', () => {
  test.each([
    [['who-can', 'Decrypt', 'Key', '--app', app], '"Key" can mean Orders/Key or Archive/Key: type more of it'],
    [
      ['why', 'Reader', 'Decrypt', 'Orders/Key', '--app', app],
      '"Reader" can mean Orders/Reader or Archive/Reader: type more',
    ],
  ])('%j is refused where one is needed, with those that it can mean', async (words, message) => {
    const { code, stdout, stderr } = await keysmith(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('means all of them where several can be shown', async () => {
    const { stdout } = await keysmith(['access', app, '--key', 'Key', '--principal', 'Reader', '--action', 'decrypt']);
    for (const name of ['Orders/Key', 'Archive/Key', 'Orders/Reader', 'Archive/Reader']) expect(stdout).toContain(name);
    expect(stdout).not.toContain('Through');
  });
});
