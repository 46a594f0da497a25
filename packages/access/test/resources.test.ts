import { type Assembly, accessMap, GRANT_RESOURCE_TYPE, readTemplates, valueInWords } from '@cdk-keysmith/access';
import { appOf, arnOf, assemblyOf, joined, keyResource, policyResource, roleResource } from './support/assembly.ts';

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';
const app = (resources: Json, template: Json = {}): Assembly => appOf(resources, { environment, template });
const use = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: arnOf('Key') };

function verdict(assembly: Assembly, grantee: string, action: string, key = 0): string | undefined {
  const row = accessMap(assembly).keys[key]?.rows.find(({ grantee: { name } }) => name === grantee);
  return row?.cells.find((cell) => cell.action === action)?.decision.verdict;
}

describe('replica keys', () => {
  const primary = keyResource([], {
    MultiRegion: true,
    KeySpec: 'HMAC_256',
    KeyUsage: 'GENERATE_VERIFY_MAC',
    EnableKeyRotation: false,
  });
  const replica = (PrimaryKeyArn: unknown) => ({
    Type: 'AWS::KMS::ReplicaKey',
    Properties: {
      PrimaryKeyArn,
      KeyPolicy: primary['Properties'] && (primary['Properties'] as Json)['KeyPolicy'],
      Description: 'mine',
    },
  });
  const stacks = (reference: unknown, more: { primary?: Json; replica?: Json } = {}): Assembly =>
    assemblyOf({
      Primary: {
        environment,
        template: {
          Resources: { Key: primary },
          Outputs: { Arn: { Value: arnOf('Key'), Export: { Name: 'arn' } } },
          ...more.primary,
        },
      },
      Replica: {
        environment: 'aws://111122223333/us-east-1',
        template: { Resources: { Rep: replica(reference), ...more.replica } },
      },
    });

  it.each<[string, unknown]>([
    ['a weak reference', { 'Fn::GetStackOutput': { StackName: 'Primary', OutputName: 'Arn', Region: 'eu-west-1' } }],
    [
      'an ARN of another stack’s output',
      {
        'Fn::GetStackOutput': {
          StackName: joined('arn:aws:cloudformation:eu-west-1:', '111122223333', ':stack/Primary/*'),
          OutputName: 'Arn',
        },
      },
    ],
    [
      'an ARN joined of Region and id',
      joined('arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:', { Ref: 'AWS::AccountId' }, ':key/', {
        'Fn::GetStackOutput': { StackName: 'Primary', OutputName: 'Id', Region: 'eu-west-1' },
      }),
    ],
  ])('are joined to their primary key by %s', (_title, reference) => {
    const Outputs = { Arn: { Value: arnOf('Key') }, Id: { Value: { Ref: 'Key' } } };
    const { keys } = stacks(reference, { primary: { Outputs } });
    const [first, second] = keys;
    expect(second?.replicaOf?.primary).toBe(first);
    expect(second).toMatchObject({
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
      multiRegion: true,
      description: 'mine',
      problems: [],
    });
    expect(valueInWords(second?.arn ?? '')).toBe(`arn:aws:kms:us-east-1:111122223333:key/\${Key}`);
    expect(second?.id).toEqual(first?.id);
    expect(first).not.toHaveProperty('replicaOf');
  });

  it('are joined through CDK’s strong references between Regions', () => {
    const name = '/cdk/exports/Replica/Arn';
    const { keys } = stacks(
      { 'Fn::GetAtt': ['Reader', name] },
      {
        primary: {
          Resources: {
            Key: primary,
            Writer: {
              Type: 'Custom::CrossRegionExportWriter',
              Properties: { WriterProps: { exports: { [name]: arnOf('Key') } } },
            },
          },
        },
        replica: { Reader: { Type: 'Custom::CrossRegionExportReader', Properties: {} } },
      },
    );
    expect(keys[1]?.replicaOf?.primary).toBe(keys[0]);
  });

  it('are named by the id of the primary key in their own Region, and by ARN in every one', () => {
    const alias = (TargetKeyId: unknown) => ({
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: 'alias/a', TargetKeyId },
    });
    const reference = { 'Fn::GetStackOutput': { StackName: 'Primary', OutputName: 'Arn', Region: 'eu-west-1' } };
    const { aliases, keys } = stacks(reference, {
      replica: { Own: alias({ Ref: 'Rep' }), ByArn: alias(arnOf('Rep')), Primary: alias(reference) },
    });
    expect(aliases.map(({ key }) => key && keys.indexOf(key))).toEqual([1, 1, 0]);
  });

  it('of a key of elsewhere say what they do not know', () => {
    const { keys } = app({ Rep: replica('arn:aws:kms:eu-west-1:444455556666:key/mrk-1234') });
    expect(keys[0]).toMatchObject({
      id: 'mrk-1234',
      replicaOf: { primary: undefined },
      rotation: { enabled: undefined },
      problems: ['PrimaryKeyArn: the primary key is not a key of the app'],
    });
    expect(valueInWords(keys[0]?.keySpec ?? '')).toBe(
      `\${the keySpec of the primary key, which is not a key of the app}`,
    );
  });

  it('have a key policy of their own, which decides', () => {
    const Policy = policyResource([{ ...use, Action: 'kms:GenerateMac', Resource: '*' }], [{ Ref: 'Role' }]);
    const closed = {
      ...replica(arnOf('Key')),
      Properties: { PrimaryKeyArn: arnOf('Key'), KeyPolicy: { Version: '2012-10-17', Statement: [] } },
    };
    const both = app({ Key: primary, Rep: closed, Role: roleResource(), Policy });
    expect(verdict(both, 'App/Writer/ServiceRole', 'kms:GenerateMac', 0)).toBe('allowed');
    expect(verdict(both, 'App/Writer/ServiceRole', 'kms:GenerateMac', 1)).toBe('denied');
  });
});

describe('keys', () => {
  it('say what becomes of them, and whether their policy was checked', () => {
    const [kept, gone] = app({
      Kept: { ...keyResource([], { BypassPolicyLockoutSafetyCheck: true }), DeletionPolicy: 'Retain' },
      Gone: keyResource(),
    }).keys;
    expect(kept).toMatchObject({ deletionPolicy: 'Retain', bypassPolicyLockoutSafetyCheck: true });
    expect(gone).toMatchObject({ deletionPolicy: 'Delete', bypassPolicyLockoutSafetyCheck: false });
  });

  it('whose properties a macro makes have an unknown policy, not the default', () => {
    const [key] = app({
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/k.json' } } },
      },
    }).keys;
    expect(key?.keyPolicy).toMatchObject({
      statements: [],
      unreadable: ['the document: macro AWS::Include of s3://b/k.json makes this at deployment'],
    });
    expect(key?.enabled).toBeUndefined();
  });
});

describe('groups', () => {
  const user = (properties: Json = {}) => ({ Type: 'AWS::IAM::User', Properties: properties });
  const group = (properties: Json = {}) => ({ Type: 'AWS::IAM::Group', Properties: properties });

  it('give their policies to their users, however either is attached', () => {
    const assembly = app({
      Key: keyResource(),
      Admins: group({ Policies: [{ PolicyName: 'P', PolicyDocument: { Version: '2012-10-17', Statement: use } }] }),
      Writers: group({ GroupName: 'writers' }),
      Alice: user({ Groups: [{ Ref: 'Admins' }] }),
      Bob: user({ UserName: 'bob' }),
      Carol: user(),
      Added: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: 'writers', Users: ['bob'] } },
      Attached: {
        Type: 'AWS::IAM::GroupPolicy',
        Properties: {
          GroupName: { Ref: 'Writers' },
          PolicyName: 'G',
          PolicyDocument: { Version: '2012-10-17', Statement: { ...use, Action: 'kms:Encrypt' } },
        },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Groups: ['writers'],
          PolicyDocument: { Version: '2012-10-17', Statement: { ...use, Action: 'kms:Sign' } },
        },
      },
    });
    expect(
      assembly.groups.map(({ constructPath, identityPolicies }) => [
        constructPath,
        identityPolicies.map(({ name }) => name),
      ]),
    ).toEqual([
      ['App/Admins', ['inline policy P of App/Admins']],
      ['App/Writers', ['policy App/Attached', 'policy App/Managed']],
    ]);
    expect(
      assembly.principals.map(({ constructPath, groups, identityPolicies }) => [
        constructPath,
        groups,
        identityPolicies.map(({ name }) => name),
      ]),
    ).toEqual([
      ['App/Alice', ['App/Admins'], ['inline policy P of App/Admins of group App/Admins']],
      [
        'App/Bob',
        ['App/Writers'],
        ['policy App/Attached of group App/Writers', 'policy App/Managed of group App/Writers'],
      ],
      ['App/Carol', [], []],
    ]);
    expect(['App/Alice', 'App/Bob', 'App/Carol'].map((name) => verdict(assembly, name, 'kms:Decrypt'))).toEqual([
      'allowed',
      'denied',
      'denied',
    ]);
    expect(verdict(assembly, 'App/Bob', 'kms:Encrypt')).toBe('allowed');
  });

  it('that hinge on a condition give what hinges on it', () => {
    const [alice] = app({
      Admins: {
        ...group({ Policies: [{ PolicyName: 'P', PolicyDocument: { Statement: { ...use, Resource: '*' } } }] }),
        Condition: 'Prod',
      },
      Alice: user({ Groups: [{ 'Fn::If': ['Other', { Ref: 'Admins' }, 'elsewhere'] }] }),
    }).principals;
    expect(alice?.identityPolicies[0]?.statements[0]?.onlyIf).toHaveLength(2);
    expect(alice?.unknownPolicies).toEqual(['policies of group elsewhere (if condition Other of stack App is false)']);
  });

  it('with policies of elsewhere make those of their users unknown', () => {
    const [alice] = app({
      Admins: group({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] }),
      Alice: user({ Groups: [{ Ref: 'Admins' }] }),
    }).principals;
    expect(alice?.unknownPolicies).toEqual(['arn:aws:iam::111122223333:policy/Shared of group App/Admins']);
  });
});

describe('managed policies of the app', () => {
  it('are found by their names too', () => {
    const named = (name: string) => ({
      ...policyResource([use], [], 'AWS::IAM::ManagedPolicy'),
      Properties: {
        ManagedPolicyName: name,
        Path: '/team/',
        PolicyDocument: { Version: '2012-10-17', Statement: use },
      },
    });
    const [role] = app({
      Key: keyResource(),
      Policy: named('readers'),
      Role: roleResource({
        ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/team/readers'],
        PermissionsBoundary: { Ref: 'Policy' },
      }),
    }).principals;
    expect(role).toMatchObject({
      identityPolicies: [{ name: 'policy App/Policy' }],
      permissionsBoundary: { kind: 'boundary', statements: [{ index: 1 }] },
      unknownPolicies: [],
    });
  });
});

describe('instance profiles', () => {
  it('have their roles', () => {
    const { instanceProfiles, principals } = app({
      Role: roleResource(),
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }, 'other'] } },
    });
    expect(instanceProfiles).toMatchObject([
      { constructPath: 'App/Profile', roles: [{ constructPath: 'App/Writer/ServiceRole' }] },
    ]);
    expect(instanceProfiles[0]?.roles[0]).toBe(principals[0]);
  });
});

describe('grants', () => {
  const grant = (properties: Json, more: Json = {}) =>
    app({
      Key: keyResource(),
      Role: roleResource(),
      Grant: { Type: GRANT_RESOURCE_TYPE, Properties: properties, ...more },
    }).grants[0];

  it('have everything that CreateGrant takes', () => {
    const model = grant({
      KeyId: { Ref: 'Key' },
      GranteePrincipal: arnOf('Role'),
      RetiringPrincipal: 'arn:aws:iam::111122223333:role/Admin',
      Operations: ['Decrypt', 'DescribeKey'],
      Constraints: { EncryptionContextSubset: { tenant: { Ref: 'AWS::Region' } }, SourceArn: 'arn:aws:s3:::b' },
      Name: 'reader',
    });
    expect(model?.key?.constructPath).toBe('App/Key');
    expect(model).toMatchObject({
      constructPath: 'App/Grant',
      grantName: 'reader',
      problems: [],
      grant: {
        name: 'grant App/Grant',
        key: model?.key?.arn,
        retiringPrincipal: 'arn:aws:iam::111122223333:role/Admin',
        operations: ['Decrypt', 'DescribeKey'],
        constraints: { encryptionContextSubset: { tenant: 'eu-west-1' }, sourceArn: 'arn:aws:s3:::b' },
      },
    });
    expect(valueInWords(model?.grant.granteePrincipal ?? '')).toBe(`arn:aws:iam::111122223333:role/\${Role}`);
    expect(model?.grant).not.toHaveProperty('unreadable');
  });

  it('can be for services', () => {
    const services = {
      GranteeServicePrincipal: 'dynamodb.amazonaws.com',
      RetiringServicePrincipal: 'dynamodb.amazonaws.com',
    };
    expect(grant({ KeyId: 'k', ...services, Operations: ['Decrypt'] })).toMatchObject({
      key: undefined,
      keyId: 'k',
      grant: { granteeServicePrincipal: 'dynamodb.amazonaws.com', retiringServicePrincipal: 'dynamodb.amazonaws.com' },
    });
  });

  it('say what is wrong with them', () => {
    expect(grant({ GranteePrincipal: 'a', GranteeServicePrincipal: 'b' })?.problems).toEqual([
      'has both GranteePrincipal and GranteeServicePrincipal; use one',
      'KeyId is missing',
      'Operations: not all of them are known before deployment',
    ]);
    expect(grant({ KeyId: 'k', Operations: ['Decrypt'] })?.problems).toEqual([
      'GranteePrincipal or GranteeServicePrincipal is missing',
    ]);
  });

  it('are never said to allow what a part that is not known could take away', () => {
    const rest = { KeyId: { Ref: 'Key' }, GranteePrincipal: arnOf('Role'), Operations: ['Decrypt'] };
    expect(grant({ ...rest, Constraints: { 'Fn::Transform': { Name: 'M' } } })?.grant).toMatchObject({
      operations: [],
      unreadable: ['Constraints: macro M makes this at deployment'],
    });
    expect(grant({ ...rest, Constraints: { EncryptionContextEquals: { a: ['x'] } } })?.grant).toMatchObject({
      operations: [],
      unreadable: [expect.stringContaining('EncryptionContextEquals')],
    });
    expect(grant(rest, { Condition: 'Prod' })?.grant).toMatchObject({
      operations: [],
      unreadable: ['it is there only if condition Prod of stack App is true'],
    });
    expect(grant({ ...rest, Operations: ['Decrypt', { Ref: 'P' }] })?.grant).toMatchObject({
      operations: ['Decrypt'],
      unreadable: [expect.stringContaining('Operations')],
    });
  });
});

describe('VPC endpoints', () => {
  const endpoint = (ServiceName: unknown, more: Json = {}) => ({
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: { VpcId: 'vpc-1', ServiceName, ...more },
  });

  it('for KMS have their policy, or the one that allows everything', () => {
    const PolicyDocument = {
      Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: arnOf('Key') },
    };
    const { vpcEndpoints } = app(
      {
        Key: keyResource(),
        Open: endpoint(joined('com.amazonaws.', { Ref: 'AWS::Region' }, '.kms')),
        Closed: endpoint('com.amazonaws.eu-west-1.kms-fips', { PolicyDocument }),
        China: endpoint('cn.com.amazonaws.cn-north-1.kms'),
        Other: endpoint('com.amazonaws.eu-west-1.s3'),
        Perhaps: endpoint({ Ref: 'Service' }, {}),
      },
      { Parameters: { Service: { Type: 'String' } } },
    );
    expect(vpcEndpoints.map(({ logicalId }) => logicalId)).toEqual(['Open', 'Closed', 'China', 'Perhaps']);
    expect(vpcEndpoints[0]).toMatchObject({
      serviceName: 'com.amazonaws.eu-west-1.kms',
      vpcId: 'vpc-1',
      problems: [],
      policy: { kind: 'endpoint', statements: [{ principals: '*', actions: ['*'], resources: ['*'] }] },
    });
    expect(vpcEndpoints[1]?.policy.statements).toMatchObject([{ actions: ['kms:Decrypt'] }]);
    expect(vpcEndpoints[3]?.problems).toEqual(['ServiceName: whether this is an endpoint for KMS is not known']);
  });
});

describe('services', () => {
  it('that key policies let in are listed with the keys', () => {
    const statement = (Service: unknown, Effect = 'Allow') => ({
      Effect,
      Principal: { Service },
      Action: 'kms:Decrypt',
      Resource: '*',
    });
    const { services } = app({
      A: keyResource([statement(['sns.amazonaws.com', 's3.amazonaws.com'])]),
      B: keyResource([statement('sns.amazonaws.com'), statement('ec2.amazonaws.com', 'Deny')]),
    });
    expect(services.map(({ service, keys }) => [service, keys.map(({ logicalId }) => logicalId)])).toEqual([
      ['sns.amazonaws.com', ['A', 'B']],
      ['s3.amazonaws.com', ['A']],
    ]);
  });
});

describe('custom resources', () => {
  it('have the functions that run for them, also those that CDK’s provider framework calls', () => {
    const fn = (variables: Json = {}) => ({
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: variables } },
    });
    const { customResources } = app({
      Plain: fn(),
      Handler: fn(),
      Framework: fn({ USER_ON_EVENT_FUNCTION_ARN: arnOf('Handler') }),
      A: { Type: 'Custom::Thing', Properties: { ServiceToken: arnOf('Plain') } },
      B: { Type: 'AWS::CloudFormation::CustomResource', Properties: { ServiceToken: arnOf('Framework') } },
      C: { Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:aws:sns:eu-west-1:111122223333:elsewhere' } },
    });
    expect(
      customResources.map(({ logicalId, functions }) => [logicalId, functions.map((one) => one.logicalId)]),
    ).toEqual([
      ['A', ['Plain']],
      ['B', ['Framework', 'Handler']],
      ['C', []],
    ]);
  });
});

describe('functions of the Serverless Application Model', () => {
  const serverless = (properties: string): Assembly =>
    readTemplates([
      {
        name: 'app.yaml',
        text: `Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs22.x, Environment: {Variables: {A: a, B: b}}}}
Resources:
  Key: {Type: AWS::KMS::Key}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Environment: {Variables: {B: own}}
${properties}
`,
      },
    ]);

  it('have a role that is made for them', () => {
    const assembly = serverless(`      Policies:
        - AWSLambdaBasicExecutionRole
        - AmazonSSMReadOnlyAccess
        - AWSKeyManagementServicePowerUser
        - arn:aws:iam::aws:policy/AdministratorAccess
        - S3ReadPolicy: {BucketName: b}
        - KMSDecryptPolicy: {KeyId: !Ref Key}
        - Version: 2012-10-17
          Statement: [{Effect: Allow, Action: kms:Sign, Resource: !GetAtt Key.Arn}]
        - SomethingNewPolicy: {}`);
    const [fn] = assembly.functions;
    expect(fn?.environment).toEqual({ A: 'a', B: 'own' });
    expect(fn).toMatchObject({
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      role: { constructPath: 'app/FnRole', source: { line: 5 } },
    });
    expect(fn?.role?.identityPolicies.map(({ name }) => name.replace(/ \(.*/, ''))).toEqual([
      'inline policy FnRolePolicy0 of app/FnRole',
      'inline policy FnRolePolicy1 of app/FnRole',
      'AWS managed policy AWSKeyManagementServicePowerUser',
      'AWS managed policy AdministratorAccess',
    ]);
    expect(fn?.role?.unknownPolicies).toEqual(['policy template SomethingNewPolicy']);
    const decrypt = fn?.role?.identityPolicies[0]?.statements[0];
    expect(decrypt?.resources).toEqual([assembly.keys[0]?.arn]);
    expect(fn?.role?.trustPolicy?.statements[0]?.principals).toEqual({ Service: ['lambda.amazonaws.com'] });
  });

  it('have their own role where they name one', () => {
    const { functions, principals } = serverless('      Role: arn:aws:iam::111122223333:role/Elsewhere');
    expect(functions[0]).toMatchObject({ roleArn: 'arn:aws:iam::111122223333:role/Elsewhere', role: undefined });
    expect(principals).toEqual([]);
  });
});

describe('loops of a template', () => {
  const loop = (resources: string, more = ''): Assembly =>
    readTemplates([
      { name: 'app.yaml', text: `Transform: [AWS::LanguageExtensions]\n${more}\nResources:\n${resources}` },
    ]);

  it('are written out, also inside of each other', () => {
    const { keys, aliases } = loop(`
  Fn::ForEach::Teams:
    - Team
    - [orders, mail-room]
    - "Key&{Team}":
        Type: AWS::KMS::Key
        Properties: {Description: !Sub "\${Team} in \${AWS::Region}", KeySpec: !Ref Team}
      Fn::ForEach::Names:
        - Name
        - [a, b]
        - "Alias&{Team}\${Name}":
            Type: AWS::KMS::Alias
            Properties: {AliasName: !Sub "alias/\${Team}/\${Name}", TargetKeyId: !Ref "Key&{Team}"}
`);
    expect(
      keys.map(({ logicalId, description, keySpec, source }) => [
        logicalId,
        valueInWords(description),
        keySpec,
        source?.line,
      ]),
    ).toEqual([
      ['Keyorders', `orders in \${AWS::Region}`, 'orders', 5],
      ['Keymailroom', `mail-room in \${AWS::Region}`, 'mail-room', 5],
    ]);
    expect(aliases.map(({ name, key }) => [name, key?.logicalId])).toEqual([
      ['alias/orders/a', 'Keyorders'],
      ['alias/orders/b', 'Keyorders'],
      ['alias/mail-room/a', 'Keymailroom'],
      ['alias/mail-room/b', 'Keymailroom'],
    ]);
  });

  it('can go over a list of a mapping', () => {
    const resources = `  Fn::ForEach::L: [X, !FindInMap [M, a, list], {"K\${X}": {Type: AWS::KMS::Key}}]`;
    expect(loop(resources, 'Mappings: {M: {a: {list: [A, B]}}}').keys.map(({ logicalId }) => logicalId)).toEqual([
      'KA',
      'KB',
    ]);
  });

  it('over what deployment gives are named as not read', () => {
    const { keys, stacks } = loop(
      `  Fn::ForEach::L: [X, !Ref List, {"K\${X}": {Type: AWS::KMS::Key}}]`,
      'Parameters: {List: {Type: CommaDelimitedList}}',
    );
    expect(keys).toEqual([]);
    expect(stacks[0]?.problems).toEqual([
      'app/Fn::ForEach::L: what it repeats is not known before deployment, so its resources are not read',
    ]);
  });
});

describe('macros', () => {
  it('that may change a template are named', () => {
    const Transform = [
      'AWS::LanguageExtensions',
      'Mine',
      { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } },
    ];
    const { stacks } = app({ 'Fn::Transform': { Name: 'Adding' }, Key: keyResource() }, { Transform });
    expect(stacks[0]?.problems).toEqual([
      'App: macro Mine may change anything when it is deployed',
      'App: macro AWS::Include of s3://b/k may change anything when it is deployed',
      'App: macro Adding adds resources when it is deployed',
    ]);
  });
});

describe('stacks', () => {
  it('say with which role CloudFormation makes their resources', () => {
    const assembly = assemblyOf({ App: { environment, template: {} } });
    expect(assembly.stacks[0]?.executionRoleArn).toBeUndefined();
  });
});
