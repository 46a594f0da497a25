import { type Assembly, accessMap, type Decision, readTemplates, valueInWords, whoCan } from '@cdk-keysmith/access';
import { appOf, arnOf, joined, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';
const Parameters = { Name: { Type: 'String' }, OtherName: { Type: 'String' } };
const Conditions = { Named: { 'Fn::Equals': [{ Ref: 'Name' }, 'x'] } };
const app = (resources: Json): Assembly => appOf(resources, { environment, template: { Conditions, Parameters } });

const ifNamed = (value: unknown) => ({ 'Fn::If': ['Named', value, { Ref: 'AWS::NoValue' }] });
const use = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: arnOf('Key') };
const letIn = (AWS: unknown) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'kms:Decrypt', Resource: '*' });

/** Whether the role, or user, of a logical id may decrypt with the first key. */
function decision(assembly: Assembly, logicalId: string, action = 'kms:Decrypt'): Decision | undefined {
  const [key] = assembly.keys;
  const answers = key === undefined ? [] : whoCan(assembly, key, action);
  return answers.find(({ grantee }) => grantee.logicalId === logicalId)?.decision;
}

function reasons(found: Decision | undefined): string {
  return found?.reasons.map(({ text }) => text).join('; ') ?? '';
}

describe('a name that the template chooses in some cases only', () => {
  const Role = roleResource({ RoleName: ifNamed('writer') });

  it('is that of the role in those cases', () => {
    const assembly = app({ Key: keyResource(), Role, Policy: policyResource([use], ['writer']) });
    const found = decision(assembly, 'Role');
    expect(found?.verdict).toBe('unknown');
    expect(reasons(found)).toContain('it is there only if condition Named of stack App is true');
  });

  it('is that of its ARN, and the reason says on what it hinges', () => {
    const found = decision(app({ Key: keyResource([letIn('arn:aws:iam::111122223333:role/writer')]), Role }), 'Role');
    expect(found?.verdict).toBe('unknown');
    expect(reasons(found)).toContain('condition Named of stack App is decided at deployment');
  });

  it.each(['writer', 'team/writer'])('is a path of the role too: %s', (name) => {
    const Pathed = roleResource({ RoleName: 'writer', Path: ifNamed('/team/') });
    const assembly = app({ Key: keyResource([letIn(`arn:aws:iam::111122223333:role/${name}`)]), Role: Pathed });
    expect(decision(assembly, 'Role')?.verdict).toBe('unknown');
    expect(valueInWords(assembly.principals[0]?.path ?? '')).toBe(`\${Named ? /team/ : /}`);
  });

  it('is that of a managed policy, whose ARN otherwise nobody knows', () => {
    const Policy = policyResource([use], [], 'AWS::IAM::ManagedPolicy');
    const named = { ...Policy, Properties: { ...(Policy['Properties'] as Json), ManagedPolicyName: ifNamed('use') } };
    const attached = (arn: unknown) =>
      app({ Key: keyResource(), Policy: named, Role: roleResource({ ManagedPolicyArns: [arn] }) });
    expect(decision(attached({ Ref: 'Policy' }), 'Role')?.verdict).toBe('allowed');
    const byHand = attached('arn:aws:iam::111122223333:policy/use');
    expect(decision(byHand, 'Role')?.verdict).toBe('unknown');
    expect(byHand.principals[0]?.identityPolicies).toMatchObject([
      { name: 'policy App/Policy', statements: [{ onlyIf: [{ name: 'Named', is: true }] }] },
    ]);
  });
});

describe('a policy that is attached to a name', () => {
  const attachedTo = (name: unknown, role: Json = {}, statement: Json = use) =>
    app({ Key: keyResource(), Role: roleResource(role), Policy: policyResource([statement], [name]) });

  it.each<[string, unknown, Json]>([
    ['a parameter', { Ref: 'Name' }, {}],
    ['a parameter, where the role has a name of its own', { Ref: 'Name' }, { RoleName: 'writer' }],
    ['what a custom resource answers', { 'Fn::GetAtt': ['Custom', 'RoleName'] }, {}],
    ['an export of elsewhere', { 'Fn::ImportValue': 'role' }, {}],
    ['a text, where the name of the role is a parameter', 'writer', { RoleName: { Ref: 'Name' } }],
  ])('that may be that of a role is in doubt for it: %s', (_, name, role) => {
    const found = decision(attachedTo(name, role), 'Role');
    expect(found?.verdict).toBe('unknown');
    expect(reasons(found)).toContain('policy App/Policy: whether it is attached to the caller cannot be told: ');
    expect(decision(attachedTo(name, role), 'Role', 'kms:Encrypt')?.verdict).toBe('denied');
    const denies = attachedTo(name, { ...role, Policies: [inline] }, { ...use, Effect: 'Deny' });
    expect(decision(denies, 'Role')?.verdict).toBe('unknown');
  });
  const inline = { PolicyName: 'Own', PolicyDocument: { Version: '2012-10-17', Statement: use } };

  it.each<[string, unknown, Json]>([
    ['text that CloudFormation does not make up', 'writer', {}],
    ['another text', 'reader', { RoleName: 'writer' }],
    ['one that ends otherwise', joined({ Ref: 'Name' }, '-reader'), { RoleName: joined({ Ref: 'Name' }, '-writer') }],
  ])('that is not that of a role is nothing to it: %s', (_, name, role) => {
    expect(decision(attachedTo(name, role), 'Role')?.verdict).toBe('denied');
  });

  it('of another role of the app is nothing to a role, although both names are parameters', () => {
    const assembly = app({
      Key: keyResource(),
      Role: roleResource({ RoleName: { Ref: 'Name' } }),
      Other: { ...roleResource({ RoleName: { Ref: 'OtherName' } }), Metadata: {} },
      Policy: policyResource([use], [{ Ref: 'Other' }]),
    });
    expect(['Role', 'Other'].map((id) => decision(assembly, id)?.verdict)).toEqual(['denied', 'allowed']);
  });

  it('is not listed where it does not speak about KMS', () => {
    const { principals } = attachedTo({ Ref: 'Name' }, {}, { ...use, Action: 's3:GetObject' });
    expect(principals[0]?.identityPolicies).toEqual([]);
  });
});

describe('a list that a stack passes to one that is nested in it', () => {
  const roles = (list: unknown) =>
    readTemplates([
      {
        name: 'app.json',
        text: JSON.stringify({
          Parameters,
          Resources: {
            Key: keyResource(),
            Role: roleResource(),
            Other: { ...roleResource({ RoleName: 'other' }), Metadata: {} },
            Nested: {
              Type: 'AWS::CloudFormation::Stack',
              Properties: { TemplateURL: 'nested.json', Parameters: { Roles: list } },
            },
          },
        }),
      },
      {
        name: 'nested.json',
        text: JSON.stringify({
          Parameters: { Roles: { Type: 'CommaDelimitedList', Default: 'reader, other' } },
          Resources: { Policy: policyResource([{ ...use, Resource: '*' }], { Ref: 'Roles' } as never) },
        }),
      },
    ]);
  const verdicts = (list: unknown) => ['Role', 'Other'].map((id) => decision(roles(list), id)?.verdict);

  it('has its items, although their names are known after deployment only', () => {
    expect(verdicts({ 'Fn::Join': [', ', [{ Ref: 'Role' }, { Ref: 'Other' }]] })).toEqual(['allowed', 'allowed']);
    expect(verdicts({ 'Fn::Join': [',', [{ Ref: 'Role' }, 'elsewhere']] })).toEqual(['allowed', 'denied']);
  });

  it('has those of its default where none is passed', () => {
    expect(verdicts({ Ref: 'AWS::NoValue' })).toEqual(['unknown', 'unknown']);
    expect(verdicts(undefined)).toEqual(['denied', 'allowed']);
  });

  it('has unknown items where they cannot be told apart', () => {
    expect(verdicts({ 'Fn::Join': [',', [{ Ref: 'Role' }, { Ref: 'Name' }]] })).toEqual(['unknown', 'unknown']);
  });
});

describe('keys and principals of one construct path', () => {
  it('are both told, as those of two templates of one app', () => {
    const template = {
      Resources: { Key: keyResource(), Role: roleResource(), Policy: policyResource([use], [{ Ref: 'Role' }]) },
    };
    const texts = ['dev.json', 'prod.json'].map((name) => ({ name, text: JSON.stringify(template) }));
    const { keys, ...others } = readTemplates(texts);
    const answers = keys.map((key) => whoCan({ keys, ...others }, key, 'kms:Decrypt'));
    const roles = answers.map((all) => all.filter(({ grantee }) => grantee.type === 'role'));
    expect(roles.map((all) => all.map(({ decision: { verdict } }) => verdict))).toEqual([
      ['allowed', 'denied'],
      ['denied', 'allowed'],
    ]);
  });

  it('have their own aliases', () => {
    const alias = (AliasName: string) => ({
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName, TargetKeyId: { Ref: 'Key' } },
    });
    const assembly = readTemplates(
      ['dev', 'prod'].map((name) => ({
        name: `${name}.json`,
        text: JSON.stringify({ Resources: { Key: keyResource(), Alias: alias(`alias/${name}`) } }),
      })),
    );
    const aliases = accessMap(assembly).keys.map((key) => key.aliases.map(({ name }) => name));
    expect(aliases).toEqual([['alias/dev'], ['alias/prod']]);
  });
});
