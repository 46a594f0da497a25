import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindValue, readAssembly, valueInWords } from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyFiles,
  folderWith,
  joined,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

describe('keys and aliases', () => {
  it('have what KMS gives a key of which the template says nothing', () => {
    const [key] = appOf({ Key: { Type: 'AWS::KMS::Key' } }, { environment: 'aws://111122223333/eu-west-1' }).keys;
    expect(key).toMatchObject({
      constructPath: 'App/Key',
      description: '',
      keySpec: 'SYMMETRIC_DEFAULT',
      keyUsage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      multiRegion: false,
      enabled: true,
      rotation: { enabled: false, periodInDays: 365 },
      pendingWindowInDays: 30,
      tags: [],
      problems: [],
      keyPolicy: { statements: [{ actions: ['kms:*'], principals: { AWS: ['arn:aws:iam::111122223333:root'] } }] },
    });
  });

  it('have what the template says, and say what they do not know', () => {
    const properties = {
      MultiRegion: 'true',
      Enabled: { Ref: 'Flag' },
      EnableKeyRotation: true,
      RotationPeriodInDays: '180',
      PendingWindowInDays: [],
      Tags: [{ Key: 'a', Value: { Ref: 'AWS::Region' } }, { 'Fn::If': ['C', 'x', 'y'] }],
    };
    const template = { Parameters: { Flag: { Type: 'String' } } };
    const [key] = appOf(
      { Key: keyResource([], properties) },
      { environment: 'aws://111122223333/eu-west-1', template },
    ).keys;
    expect(key).toMatchObject({
      constructPath: 'App/Key',
      multiRegion: true,
      enabled: undefined,
      rotation: { enabled: true, periodInDays: 180 },
      pendingWindowInDays: undefined,
      tags: [{ key: 'a', value: 'eu-west-1' }],
      problems: [
        'Enabled is not known: parameter Flag of stack App is given at deployment',
        'PendingWindowInDays must be a number',
        'Tags: some tags are not known before deployment',
      ],
    });
  });

  it('keep what is right of a policy that is partly wrong or partly unknown', () => {
    const wrong = { Effect: 'allow', Principal: '*', Action: 'kms:*' };
    const later = { 'Fn::Transform': { Name: 'Later' } };
    const [key] = appOf({ Key: keyResource([wrong, later]) }).keys;
    expect(key?.keyPolicy.statements).toHaveLength(1);
    expect(key?.problems).toEqual(['KeyPolicy: Statement 2: Effect must be "Allow" or "Deny", not "allow"']);
    expect(key?.keyPolicy.unreadable).toEqual([
      'Statement 3: macro Later makes this at deployment',
      expect.stringContaining('Statement 2: Effect'),
    ]);
  });

  it('are joined to their aliases by id and by ARN', () => {
    const alias = (TargetKeyId: unknown) => ({
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: 'alias/a', TargetKeyId },
    });
    const { aliases, keys } = appOf({
      Key: keyResource(),
      A: alias({ Ref: 'Key' }),
      B: alias(arnOf('Key')),
      C: alias('1234abcd-12ab-34cd-56ef-1234567890ab'),
    });
    expect(aliases.map(({ key }) => key)).toEqual([keys[0], keys[0], undefined]);
  });

  it('take their construct path from the manifest where the template has none', () => {
    const entry = [{ type: 'aws:cdk:logicalId', data: 'Key' }];
    // A nested stack may use the same logical id; its construct path is longer.
    const manifest = { '/App/Nested/Data/Resource': entry, '/App/Data/Resource': entry };
    const files = assemblyFiles({ App: { template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } } } });
    const folder = folderWith(files);
    const json = JSON.parse(JSON.stringify(files['manifest.json']));
    json.artifacts.App.additionalMetadataFile = 'App.metadata.json';
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(json));
    writeFileSync(join(folder, 'App.metadata.json'), JSON.stringify(manifest));
    expect(readAssembly(folder).keys[0]?.constructPath).toBe('App/Data');
  });
});

describe('principals', () => {
  const statement = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
  const managed = (name: string) => joined('arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`);

  it('have every policy that the app attaches to them', () => {
    const inline = { PolicyName: 'Inline', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
    const { principals } = appOf({
      Role: roleResource({
        Policies: [inline],
        ManagedPolicyArns: [
          { Ref: 'ByRole' },
          managed('SomethingNewer'),
          managed('service-role/AWSLambdaBasicExecutionRole'),
        ],
      }),
      ByRole: policyResource([statement], [], 'AWS::IAM::ManagedPolicy'),
      ByPolicy: policyResource([statement], [{ Ref: 'Role' }], 'AWS::IAM::ManagedPolicy'),
      Inline: policyResource([statement], [{ Ref: 'Role' }]),
      Named: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: { RoleName: { Ref: 'Role' }, PolicyDocument: { Version: '2012-10-17', Statement: statement } },
      },
      Elsewhere: policyResource([statement], ['other']),
    });
    expect(principals[0]?.identityPolicies.map(({ name }) => name)).toEqual([
      'inline policy Inline of App/Writer/ServiceRole',
      'policy App/ByRole',
      'policy App/ByPolicy',
      'policy App/Inline',
      'policy App/Named',
    ]);
    expect(principals[0]).toMatchObject({
      type: 'role',
      unknownPolicies: [
        expect.stringMatching(/^SomethingNewer \(not among the policies of AWS as of \d{4}-\d\d-\d\d\)$/),
      ],
      permissionsBoundary: undefined,
      problems: [],
    });
    expect(principals[0]?.trustPolicy?.statements[0]?.principals).toEqual({ Service: ['lambda.amazonaws.com'] });
  });

  it('have a boundary of the app, or one that says that it cannot be read', () => {
    const { principals } = appOf({
      Bounded: roleResource({ PermissionsBoundary: { Ref: 'Boundary' } }),
      Foreign: roleResource({ PermissionsBoundary: 'arn:aws:iam::111122223333:policy/b' }),
      Boundary: policyResource([statement], [], 'AWS::IAM::ManagedPolicy'),
    });
    expect(principals.map(({ permissionsBoundary }) => permissionsBoundary)).toMatchObject([
      { kind: 'boundary', statements: [{ index: 1 }] },
      { kind: 'boundary', unreadable: ['its text is not in the app'] },
    ]);
    expect(principals[0]?.identityPolicies).toEqual([]);
  });

  it('of groups have unknown policies', () => {
    const [user] = appOf({ User: { Type: 'AWS::IAM::User', Properties: { Groups: ['admins'] } } }).principals;
    expect(user).toMatchObject({ type: 'user', trustPolicy: undefined, unknownPolicies: ['policies of group admins'] });
  });
});

describe('functions', () => {
  it('have their role, their environment and their staged code', () => {
    const code = { S3Bucket: 'b', S3Key: 'abc123.zip' };
    const Fn = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: arnOf('Role'),
        Code: code,
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Environment: { Variables: { KEY: arnOf('Key') } },
      },
    };
    const files = assemblyFiles(
      { App: { template: { Resources: { Role: roleResource(), Key: keyResource(), Fn } } } },
      { 'App.assets': { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } } },
    );
    const folder = folderWith({
      ...files,
      'App.assets.json': { files: { abc123: { source: { path: 'asset.abc123' } } } },
      'asset.abc123/index.js': '',
    });
    const { functions, principals, keys } = readAssembly(folder);
    expect(functions[0]).toMatchObject({
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      codeAssetPath: join(folder, 'asset.abc123'),
    });
    expect(functions[0]?.role).toBe(principals[0]);
    expect(functions[0]?.environment['KEY']).toEqual(keys[0]?.arn);
  });
});

describe('containers', () => {
  it('have the task role and their environment, in which the last value of a name counts', () => {
    const variables = (...pairs: readonly (readonly [name: unknown, value: unknown])[]) =>
      pairs.map(([Name, Value]) => ({ Name, Value }));
    const ContainerDefinitions = [
      {
        Name: 'Clerk',
        Environment: variables(['KEY', 'none'], ['KEY', arnOf('Key')], ['__proto__', 'a'], [['KEY'], 'b']),
      },
      { Name: 'Sidecar' },
      { Environment: variables(['A', 'b']) },
      'Clerk',
    ];
    const task = (Properties: object) => ({ Type: 'AWS::ECS::TaskDefinition', Properties });
    const { containers, principals, keys } = appOf({
      Role: roleResource(),
      Key: keyResource(),
      Task: task({ TaskRoleArn: arnOf('Role'), ContainerDefinitions }),
      Bare: task({ ContainerDefinitions: [{ Name: 'Alone' }] }),
      None: task({}),
    });
    expect(containers.map(({ constructPath, name, role }) => [constructPath, name, role])).toEqual([
      ['App/Task', 'Clerk', principals[0]],
      ['App/Task', 'Sidecar', principals[0]],
      ['App/Bare', 'Alone', undefined],
    ]);
    expect(Object.entries(containers[0]?.environment ?? {})).toEqual([
      ['KEY', keys[0]?.arn],
      ['__proto__', 'a'],
    ]);
  });
});

describe('what the model leaves out', () => {
  it('is listed, so that nobody takes silence for "no access"', () => {
    const { stacks } = appOf({
      Connector: { Type: 'AWS::Serverless::Connector' },
      Nested: { Type: 'AWS::CloudFormation::Stack' },
      Policy: policyResource([], [{ 'Fn::ImportValue': 'role' }]),
      Limit: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'SERVICE_CONTROL_POLICY' } },
    });
    expect(stacks[0]?.problems).toEqual([
      expect.stringMatching(/^App\/Connector: gives permissions/),
      expect.stringMatching(/^App\/Nested: the template of this nested stack/),
      expect.stringMatching(/^App\/Limit: may limit what accounts can do; it is not read/),
      expect.stringMatching(/^policy App\/Policy: to whom it is attached/),
    ]);
  });
});

describe('binding', () => {
  it('puts strings in the place of what deployment would tell, and leaves the rest', () => {
    const [key] = appOf({ Key: keyResource() }).keys;
    const bound = bindValue(key?.arn ?? '', (part) => {
      if (part.kind === 'pseudo') return { 'AWS::Partition': 'aws', 'AWS::Region': 'eu-west-1' }[part.name];
      return part.kind === 'attribute' && part.logicalId === 'Key' ? '1234' : undefined;
    });
    expect(valueInWords(bound)).toBe(`arn:aws:kms:eu-west-1:\${AWS::AccountId}:key/1234`);
  });
});
