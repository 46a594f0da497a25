import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import {
  AccessError,
  accessMap,
  readAssembly,
  type Value,
  valueInWords,
  verdictInWords,
  whoCan,
} from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyFiles,
  assemblyOf,
  folderWith,
  joined,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof AccessError) return [error.code, error.message];
    throw error;
  }
  return 'nothing was thrown';
}

describe('reading a folder', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['without a manifest', { 'a.txt': '' }, 'NOT_AN_ASSEMBLY', 'npx cdk synth'],
    ['with a manifest that is no JSON', { 'manifest.json': '{' }, 'MALFORMED_MANIFEST', 'manifest.json is not JSON'],
    ['with a manifest that is a list', { 'manifest.json': '[]' }, 'MALFORMED_MANIFEST', 'must hold a JSON object'],
    [
      'with a stack without a template',
      { 'manifest.json': { artifacts: { App: { type: 'aws:cloudformation:stack' } } } },
      'MALFORMED_MANIFEST',
      'artifact App has no templateFile',
    ],
    [
      'with a template that is missing',
      { ...assemblyFiles({ App: { template: {} } }), 'App.template.json': undefined },
      'MALFORMED_TEMPLATE',
      'App.template.json',
    ],
    [
      'that names a file elsewhere',
      {
        'manifest.json': {
          artifacts: { App: { type: 'aws:cloudformation:stack', properties: { templateFile: '../../etc/passwd' } } },
        },
      },
      'PATH_OUTSIDE_ASSEMBLY',
      '"../../etc/passwd"',
    ],
  ])('%s is refused', (_title, files, code, words) => {
    const present = Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined));
    expect(codeOf(() => readAssembly(folderWith(present)))).toEqual([code, expect.stringContaining(words)]);
  });

  it('that is not there is refused', () => {
    const folder = join(folderWith({}), 'cdk.out');
    expect(codeOf(() => readAssembly(folder))).toEqual(['NOT_AN_ASSEMBLY', expect.stringContaining(folder)]);
  });

  it('with a file beyond all measure is refused before it is read', () => {
    const folder = folderWith(assemblyFiles({ App: { template: {} } }));
    truncateSync(join(folder, 'App.template.json'), 65 * 1024 * 1024);
    expect(codeOf(() => readAssembly(folder))).toEqual([
      'FILE_TOO_LARGE',
      expect.stringContaining('App.template.json'),
    ]);
  });

  it('with a link that leads out of it is refused', () => {
    const outside = folderWith({ 'template.json': { Resources: {} } });
    const files = assemblyFiles({ App: { template: {} } });
    delete files['App.template.json'];
    const folder = folderWith(files);
    symlinkSync(join(outside, 'template.json'), join(folder, 'App.template.json'));
    expect(codeOf(() => readAssembly(folder))).toEqual(['PATH_OUTSIDE_ASSEMBLY', expect.any(String)]);
  });

  it('with no stacks is an app with no keys', () => {
    expect(readAssembly(folderWith({ 'manifest.json': { version: '54.0.0' } })).keys).toEqual([]);
  });
});

describe('stacks', () => {
  it('of one name in two environments are told apart by their paths', () => {
    const template = { Resources: { Key: { Type: 'AWS::KMS::Key' } } };
    const stack = { template, stackName: 'orders' };
    const { stacks, keys } = assemblyOf({
      First: { ...stack, environment: 'aws://111122223333/eu-west-1' },
      Second: { ...stack, environment: 'aws://444455556666/cn-north-1' },
    });
    expect(stacks).toMatchObject([
      { name: 'First', account: '111122223333', region: 'eu-west-1' },
      { name: 'Second', account: '444455556666', region: 'cn-north-1' },
    ]);
    expect(keys.map(({ arn }) => valueInWords(arn))).toEqual([
      `arn:aws:kms:eu-west-1:111122223333:key/\${Key}`,
      `arn:aws-cn:kms:cn-north-1:444455556666:key/\${Key}`,
    ]);
  });

  it('of stages and nested stacks are found, and what a parent passes is known in the child', () => {
    const inner = {
      Parameters: { Name: { Type: 'String' }, Left: { Type: 'String', Default: 'x' } },
      Resources: {
        Role: roleResource({ RoleName: { Ref: 'Name' } }),
        User: { Type: 'AWS::IAM::User', Properties: { UserName: { Ref: 'Left' } } },
      },
      Outputs: { Arn: { Value: arnOf('Role') } },
    };
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { Parameters: { Name: 'writer' } },
      Metadata: { 'aws:asset:path': 'inner.json', 'aws:cdk:path': 'Prod/App/In.NestedStack/In.NestedStackResource' },
    };
    const alias = {
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: { 'Fn::GetAtt': ['In', 'Outputs.Arn'] }, TargetKeyId: 'x' },
    };
    const files = assemblyFiles({
      App: { template: { Resources: { In: nested, Alias: alias } }, environment: 'aws://111122223333/eu-west-1' },
    });
    const folder = folderWith({
      'manifest.json': {
        artifacts: { Prod: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } },
      },
      ...Object.fromEntries(Object.entries(files).map(([name, content]) => [`assembly-Prod/${name}`, content])),
      'assembly-Prod/inner.json': inner,
    });
    const assembly = readAssembly(folder);
    expect(assembly.stacks.map(({ name, constructPath }) => [name, constructPath])).toEqual([
      ['App', 'App'],
      ['App/In', 'Prod/App/In'],
    ]);
    expect(assembly.principals.map(({ arn }) => valueInWords(arn))).toEqual([
      'arn:aws:iam::111122223333:role/writer',
      'arn:aws:iam::111122223333:user/x',
    ]);
    expect(assembly.aliases[0]?.name).toBe('arn:aws:iam::111122223333:role/writer');
  });

  it('that are nested are found by the hash in their URL where nobody asked for asset metadata', () => {
    const hash = 'ab'.repeat(32);
    const url = joined('https://s3.', { Ref: 'AWS::Region' }, `.amazonaws.com/bucket/${hash}.json`);
    const Nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } };
    const files = assemblyFiles(
      { App: { template: { Resources: { Nested } } } },
      { 'App.assets': { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } } },
    );
    const folder = folderWith({
      ...files,
      'App.assets.json': { files: { [hash]: { source: { path: 'nested.json' } } } },
      'nested.json': { Resources: { Key: keyResource() } },
    });
    const { keys, stacks } = readAssembly(folder);
    expect(keys.map(({ stack }) => stack)).toEqual(['App/Nested']);
    expect(stacks[0]?.problems).toEqual([]);
  });

  it('that share an export share their open environment', () => {
    const producer = {
      Resources: { Key: keyResource() },
      Outputs: { Out: { Value: arnOf('Key'), Export: { Name: 'app:Key' } } },
    };
    const consumer = {
      Resources: {
        Alias: {
          Type: 'AWS::KMS::Alias',
          Properties: { AliasName: 'alias/a', TargetKeyId: { 'Fn::ImportValue': 'app:Key' } },
        },
      },
    };
    const { stacks, aliases, keys } = assemblyOf({
      A: { template: consumer },
      B: { template: producer },
      C: { template: {} },
    });
    expect(aliases[0]?.key).toBe(keys[0]);
    expect(stacks[0]?.account).toEqual(stacks[1]?.account);
    expect(stacks[0]?.account).not.toEqual(stacks[2]?.account);
  });
});

describe('intrinsic functions', () => {
  const environment = 'aws://111122223333/eu-west-1';
  const template = {
    Parameters: { Param: { Type: 'String', Default: 'x' } },
    Mappings: { Map: { 'eu-west-1': { name: 'mapped' } } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Param' }, 'x'] } },
    Outputs: {
      Out: { Value: { Ref: 'Other' }, Export: { Name: { 'Fn::Sub': `\${AWS::StackName}-out` } } },
      Loop: { Value: { 'Fn::ImportValue': 'loop' }, Export: { Name: 'loop' } },
    },
  };
  const resolve = (value: unknown): Value => {
    const Key = { Type: 'AWS::KMS::Key', Properties: { Description: value } };
    const Other = { Type: 'AWS::KMS::Key' };
    return appOf({ Key, Other }, { environment, template }).keys[0]?.description ?? '';
  };

  it.each<[unknown, string]>([
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'Param' }, `\${Param}`],
    [{ Ref: 'Other' }, `\${Other}`],
    [{ 'Fn::GetAtt': ['Other', 'KeyId'] }, `\${Other}`],
    [{ 'Fn::GetAtt': 'Other.Arn' }, `arn:aws:kms:eu-west-1:111122223333:key/\${Other}`],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 1, true]] }, 'a-1-true'],
    [
      { 'Fn::Sub': `\${AWS::AccountId}/\${Other.Arn}/\${!literal}` },
      `111122223333/arn:aws:kms:eu-west-1:111122223333:key/\${Other}/\${literal}`,
    ],
    [{ 'Fn::Sub': [`\${A}-\${AWS::Region}`, { A: { Ref: 'Param' } }] }, `\${Param}-eu-west-1`],
    [{ 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Other', 'Arn'] }] }] }, `\${Other}`],
    [{ 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'name'] }, 'mapped'],
    [{ 'Fn::FindInMap': ['Map', 'none', 'name', { DefaultValue: 'd' }] }, 'd'],
    [{ 'Fn::If': ['Prod', 'same', 'same'] }, 'same'],
    [{ 'Fn::ImportValue': 'App-out' }, `\${Other}`],
    [{ 'Fn::GetStackOutput': { StackName: 'App', OutputName: 'Out' } }, `\${Other}`],
    [
      {
        'Fn::GetStackOutput': {
          StackName: 'App',
          OutputName: 'Out',
          RoleArn: joined('arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/reads-outputs'),
        },
      },
      `\${Other}`,
    ],
    [
      {
        'Fn::GetStackOutput': {
          StackName: joined('arn:aws:cloudformation:eu-west-1:', '111122223333', ':stack/App/*'),
          OutputName: 'Out',
        },
      },
      `\${Other}`,
    ],
  ])('%j is %s', (value, words) => expect(valueInWords(resolve(value))).toBe(words));

  it.each<[unknown, RegExp]>([
    [{ 'Fn::FindInMap': ['Map', { Ref: 'Param' }, 'name'] }, /key that is not known/],
    [{ 'Fn::FindInMap': ['Map', 'us-east-1', 'name'] }, /mapping Map has no us-east-1.name/],
    [{ 'Fn::ImportValue': 'elsewhere' }, /export "elsewhere" is not of this app/],
    [{ 'Fn::ImportValue': 'loop' }, /refers to itself/],
    [
      { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Out' } },
      /output Out of stack Other is not of this app/,
    ],
    [{ 'Fn::GetStackOutput': { StackName: 'App', OutputName: 'Out', Region: 'us-east-1' } }, /is not of this app/],
    [
      {
        'Fn::GetStackOutput': {
          StackName: 'App',
          OutputName: 'Out',
          RoleArn: 'arn:aws:iam::444455556666:role/reads-outputs',
        },
      },
      /is not of this app/,
    ],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, /App has no resource Nobody/],
    [{ 'Fn::Base64': { Ref: 'Param' } }, /Fn::Base64 of a string that is not known/],
    [{ 'Fn::GetAZs': '' }, /Fn::GetAZs is not followed: the Availability Zones/],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, /Fn::GetAZs is not followed: the Availability/],
    [{ 'Fn::Join': ['-', { 'Fn::GetAZs': '' }] }, /Fn::GetAZs is not followed: the Availability Zones/],
    [{ 'Fn::Length': { 'Fn::GetAZs': '' } }, /Fn::GetAZs is not followed: the Availability Zones/],
    [
      { 'Fn::Sub': [`in \${a}`, { a: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } }] },
      /^in .*Fn::GetAZs is not followed/,
    ],
    [{ 'Fn::Select': [0, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }, /Fn::Cidr is not followed: address ranges/],
    [{ 'Fn::Cidr': 'no list' }, /Fn::Cidr is not followed: address ranges/],
    [{ 'Fn::Nothing': '' }, /Fn::Nothing is not followed/],
    [{ 'Fn::Transform': { Name: 'Mine' } }, /macro Mine makes this/],
    [{ 'Fn::Split': ['/', { Ref: 'Param' }] }, /Fn::Split of a string that is not known/],
    [{ 'Fn::Select': [7, ['a']] }, /item 7 of 1/],
    ['{{resolve:ssm:/key/arn}}', /resolve:ssm:\/key\/arn/],
  ])('%j cannot be followed, and the reason is kept', (value, reason) =>
    expect(valueInWords(resolve(value))).toMatch(reason),
  );

  it('take one item of a list that deployment gives for no other item of it', () => {
    const item = (index: number) => ({ 'Fn::Select': [index, { Ref: 'Tenants' }] });
    const only = (tenant: unknown) => ({ StringEquals: { 'kms:EncryptionContext:tenant': tenant } });
    const denied = { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*', Condition: only(item(0)) };
    const app = appOf(
      { Key: keyResource([denied]) },
      { template: { Parameters: { Tenants: { Type: 'CommaDelimitedList' } } } },
    );
    const [key] = app.keys;
    if (key === undefined) throw new Error('the app has a key');
    const [statement] = key.keyPolicy.statements.filter(({ effect }) => effect === 'Deny');
    const [tested = ''] = statement?.conditions[0]?.values ?? [];
    expect(valueInWords(tested)).toContain('Fn::Select from a list that is not known before deployment: $');
    const { parts } = tested as Exclude<Value, string>;
    expect(parts).toEqual([expect.objectContaining({ kind: 'unknown' })]);
  });

  it('that are not followed leave open what hinges on them, with their names, and nothing else', () => {
    const ranges = { IpAddress: { 'aws:SourceIp': { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] } } };
    const zone = { StringEquals: { 'kms:EncryptionContext:zone': { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } } };
    const denies = (Action: string, Condition: unknown) => {
      return { Effect: 'Deny', Principal: '*', Action, Resource: '*', Condition };
    };
    const app = appOf({
      Key: keyResource([denies('kms:Decrypt', ranges), denies('kms:Encrypt', zone)]),
      Role: roleResource(),
      Policy: policyResource(
        [{ Effect: 'Allow', Action: 'kms:Sign', Resource: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } }],
        [{ Ref: 'Role' }],
      ),
    });
    const { keys } = accessMap(app);
    const wordsOf = (action: string) => {
      const decision = keys[0]?.rows[0]?.cells.find((cell) => cell.action === action)?.decision;
      return decision === undefined ? '' : verdictInWords(decision);
    };
    expect(wordsOf('kms:Decrypt')).toMatch(
      /^allowed unless .*Fn::Cidr is not followed: address ranges are not computed/,
    );
    expect(wordsOf('kms:Encrypt')).toMatch(/^allowed unless .*Fn::GetAZs is not followed: the Availability Zones/);
    expect(wordsOf('kms:DisableKey')).toBe('allowed');
    const [key] = app.keys;
    const roles =
      key === undefined ? [] : whoCan(app, key, 'kms:Sign').filter(({ grantee }) => grantee.type === 'role');
    expect(roles.map(({ decision }) => verdictInWords(decision))).toEqual([
      expect.stringMatching(/^unknown: .*Fn::GetAZs is not followed: the Availability Zones/),
    ]);
  });

  it('cannot reach a prototype by a name of the template', () => {
    const Environment = { Variables: JSON.parse('{"__proto__": "polluted", "A": {"Ref": "AWS::Region"}}') };
    const { functions } = appOf(
      { Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment } } },
      { environment },
    );
    expect(Object.entries(functions[0]?.environment ?? {})).toEqual([
      ['__proto__', 'polluted'],
      ['A', 'eu-west-1'],
    ]);
  });

  it('that multiply strings are stopped', () => {
    const Outputs = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const half = level === 0 ? 'x'.repeat(100) : { 'Fn::ImportValue': `${level - 1}` };
        return [`O${level}`, { Value: { 'Fn::Join': ['', [half, half]] }, Export: { Name: `${level}` } }];
      }),
    );
    const Key = { Type: 'AWS::KMS::Key', Properties: { Description: { 'Fn::ImportValue': '39' } } };
    const description = appOf({ Key }, { template: { Outputs } }).keys[0]?.description ?? '';
    expect(valueInWords(description)).toMatch(/grows too long/);
  });
});
