import { type Assembly, readTemplates, valueInWords } from '@cdk-keysmith/access';
import { appOf, keyResource, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';
const app = (resources: Json, template: Json = {}): Assembly => appOf(resources, { environment, template });

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

  it('have policies that hinge on conditions, whatever stands in the branches', () => {
    const [fn] = serverless(`      Policies:
        - !If [Open, {KMSDecryptPolicy: {KeyId: !Ref Key}}, !Ref AWS::NoValue]
        - !If [Open, {Statement: [{Effect: Allow, Action: kms:Sign, Resource: '*'}]}, AdministratorAccess]`).functions;
    const said = fn?.role?.identityPolicies.map(({ name, statements }) => [
      name.replace(/ \(.*/, ''),
      statements[0]?.actions,
      statements[0]?.onlyIf?.map(({ is }) => is),
    ]);
    expect(said).toEqual([
      ['inline policy FnRolePolicy0 of app/FnRole', ['kms:Decrypt'], [true]],
      ['inline policy FnRolePolicy1 of app/FnRole', ['kms:Sign'], [true]],
      ['AWS managed policy AdministratorAccess', ['*'], [false]],
    ]);
    expect(fn?.role?.unknownPolicies).toEqual([]);
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

describe('a loop over members of a resource', () => {
  it('leaves open what the resource has, where it goes over what deployment gives', () => {
    const loop = { 'Fn::ForEach::P': ['P', { Ref: 'List' }, { [`\${P}`]: [] }], MaxSessionDuration: 3600 };
    const Role = { Type: 'AWS::IAM::Role', Properties: loop };
    const [role] = app({ Role }, { Transform: 'AWS::LanguageExtensions' }).principals;
    expect(role?.identityPolicies[0]?.unreadable).toEqual([
      'the document: what Fn::ForEach::P repeats is known after deployment only',
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

  it('may add to a mapping what the template has a default for', () => {
    const value = { 'Fn::FindInMap': ['Names', 'a', 'b', { DefaultValue: 'none' }] };
    const described = (Mappings: Json) =>
      app({ Key: keyResource([], { Description: value }) }, { Mappings }).keys[0]?.description ?? '';
    const macro = { 'Fn::Transform': { Name: 'Adding' } };
    expect(described({ Names: { a: {} } })).toBe('none');
    const why = `\${macro Adding may add a.b to mapping Names}`;
    expect([macro, { Names: macro }, { Names: { a: macro } }].map((one) => valueInWords(described(one)))).toEqual([
      why,
      why,
      why,
    ]);
  });
});
