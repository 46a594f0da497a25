import { type Assembly, type Decision, valueInWords, whoCan } from '@cdk-keysmith/access';
import { appOf, arnOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';
const Parameters = { Name: { Type: 'String' } };
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
