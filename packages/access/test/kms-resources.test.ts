import { type Assembly, accessMap, GRANT_RESOURCE_TYPE, valueInWords } from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyOf,
  joined,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

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

  it('are not joined through references between Regions of another account, whose stacks have the same names', () => {
    const name = '/cdk/exports/Replica/Arn';
    const WriterProps = { region: 'us-east-1', exports: { [name]: arnOf('Key') } };
    const inAccount = (account: string) => ({
      [`Primary${account}`]: {
        stackName: 'Primary',
        environment: `aws://${account}/eu-west-1`,
        template: {
          Resources: { Key: primary, Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps } } },
        },
      },
      [`Replica${account}`]: {
        stackName: 'Replica',
        environment: `aws://${account}/us-east-1`,
        template: {
          Resources: {
            Reader: { Type: 'Custom::CrossRegionExportReader', Properties: {} },
            Rep: replica({ 'Fn::GetAtt': ['Reader', name] }),
          },
        },
      },
    });
    const { keys } = assemblyOf({ ...inAccount('111122223333'), ...inAccount('444455556666') });
    expect(keys.map(({ account, replicaOf }) => [account, replicaOf?.primary?.account])).toEqual([
      ['111122223333', undefined],
      ['444455556666', undefined],
      ['111122223333', '111122223333'],
      ['444455556666', '444455556666'],
    ]);
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

  it('of a key that is not known say why', () => {
    const Parameters = { Primary: { Type: 'String' } };
    expect(app({ Rep: replica({ Ref: 'Primary' }) }, { Parameters }).keys[0]?.problems).toEqual([
      'PrimaryKeyArn: the primary key is not known to be a key of the app: ' +
        'parameter Primary of stack App is given at deployment',
    ]);
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

  it.each<[string, unknown, string]>([
    ['the key', { Ref: 'Key' }, 'allowed'],
    ['a key of elsewhere', 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', 'denied'],
    ['a parameter', { Ref: 'Flag' }, 'unknown'],
    ['the key or a parameter', { 'Fn::If': ['Some', { Ref: 'Key' }, { Ref: 'Flag' }] }, 'unknown'],
  ])('are on their own key: %s', (_, KeyId, expected) => {
    const Grant = {
      Type: GRANT_RESOURCE_TYPE,
      Properties: { KeyId, GranteePrincipal: arnOf('Role'), Operations: ['Decrypt'] },
    };
    const Conditions = { Some: { 'Fn::Equals': [{ Ref: 'Flag' }, 'x'] } };
    const assembly = app(
      { Key: keyResource(), Role: roleResource(), Grant },
      { Conditions, Parameters: { Flag: { Type: 'String' } } },
    );
    expect(verdict(assembly, 'App/Writer/ServiceRole', 'kms:Decrypt')).toBe(expected);
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
    const SourceArn = { 'Fn::If': ['Prod', 'arn:aws:s3:::b', { Ref: 'AWS::NoValue' }] };
    expect(grant({ ...rest, Constraints: { SourceArn } })?.grant).toMatchObject({
      operations: [],
      unreadable: ['Constraints.SourceArn: it hinges on condition Prod of stack App'],
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
