import { type Assembly, accessMap, readAssembly } from '@cdk-keysmith/access';
import {
  appOf,
  arnOf,
  assemblyFiles,
  assemblyOf,
  folderWith,
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
  const access = accessMap(assembly).keys[key];
  const row = [...(access?.rows ?? []), ...(access?.others() ?? [])].find(({ grantee: { name } }) => name === grantee);
  return row?.cells.find((cell) => cell.action === action)?.decision.verdict;
}

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
  it('are listed, attached or not', () => {
    const { managedPolicies } = app({
      Free: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: use } } },
      Attached: policyResource([use], [{ Ref: 'Role' }], 'AWS::IAM::ManagedPolicy'),
      Inline: policyResource([use], [{ Ref: 'Role' }]),
      Role: roleResource(),
    });
    expect(managedPolicies.map(({ constructPath, policy }) => [constructPath, policy.name])).toEqual([
      ['App/Free', 'policy App/Free'],
      ['App/Attached', 'policy App/Attached'],
    ]);
  });

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

describe('names', () => {
  it('mean what they say in their own account only', () => {
    const template = (action: string) => ({
      Resources: {
        Role: roleResource({ RoleName: 'writer' }),
        Policy: policyResource([{ Effect: 'Allow', Action: action, Resource: '*' }], ['writer']),
        Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: ['writer'] } },
        Team: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } },
        User: { Type: 'AWS::IAM::User', Properties: { UserName: 'alice' } },
        Added: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: 'team', Users: ['alice'] } },
      },
    });
    const { principals, instanceProfiles } = assemblyOf({
      Dev: { environment: 'aws://111122223333/eu-west-1', template: template('kms:Encrypt') },
      Prod: { environment: 'aws://444455556666/eu-west-1', template: template('kms:Decrypt') },
      Open: { template: template('kms:Sign') },
    });
    const shown = principals.map(({ stack, type, identityPolicies, unknownPolicies, groups }) => {
      const actions = identityPolicies.flatMap(({ statements }) => statements.flatMap((one) => one.actions));
      return [stack, type, actions, unknownPolicies.length, groups.length];
    });
    // What the stack with the open account says may be said in either of the others, and the other way round.
    expect(shown).toEqual([
      ['Dev', 'role', ['kms:Encrypt'], 1, 0],
      ['Dev', 'user', [], 0, 1],
      ['Prod', 'role', ['kms:Decrypt'], 1, 0],
      ['Prod', 'user', [], 0, 1],
      ['Open', 'role', ['kms:Sign'], 2, 0],
      ['Open', 'user', [], 0, 1],
    ]);
    const [{ unknownPolicies: elsewhere } = { unknownPolicies: [] }] = assemblyOf({
      Dev: {
        environment: 'aws://111122223333/eu-west-1',
        template: { Resources: { User: { Type: 'AWS::IAM::User', Properties: { Groups: ['team'] } } } },
      },
      Prod: { environment: 'aws://444455556666/eu-west-1', template: template('kms:Decrypt') },
    }).principals;
    expect(elsewhere).toEqual(['policies of group team']);
    expect(principals[0]?.unknownPolicies).toEqual([
      'policy Open/Policy (whether it is in the same account is not known)',
    ]);
    expect(instanceProfiles.map(({ roles }) => roles.map(({ stack }) => stack))).toEqual([['Dev'], ['Prod'], ['Open']]);
  });
});

describe('a user that may be added to a group', () => {
  const added = (Users: readonly unknown[]) => {
    const Policies = [{ PolicyName: 'P', PolicyDocument: { Version: '2012-10-17', Statement: use } }];
    const resources = {
      Key: keyResource(),
      Group: { Type: 'AWS::IAM::Group', Properties: { Policies } },
      Alice: { Type: 'AWS::IAM::User' },
      Bob: { Type: 'AWS::IAM::User', Properties: { UserName: 'bob' } },
      Added: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: { Ref: 'Group' }, Users } },
    };
    return app(resources, { Parameters: { Name: { Type: 'String' } } });
  };
  const verdicts = (assembly: Assembly) => ['Alice', 'Bob'].map((id) => verdict(assembly, `App/${id}`, 'kms:Decrypt'));

  it('is not known to be in it, nor to be outside', () => {
    const assembly = added([{ Ref: 'Name' }]);
    expect(verdicts(assembly)).toEqual(['unknown', 'unknown']);
    expect(assembly.principals.map(({ groups }) => groups)).toEqual([[], []]);
    expect(verdicts(added([{ Ref: 'Alice' }]))).toEqual(['allowed', 'denied']);
    expect(verdicts(added(['bob']))).toEqual(['denied', 'allowed']);
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

describe('stacks', () => {
  it('say with which role CloudFormation makes their resources', () => {
    const files = assemblyFiles({ App: { environment: 'aws://111122223333/cn-north-1', template: {} } });
    const manifest = JSON.parse(JSON.stringify(files['manifest.json']));
    const read = () => readAssembly(folderWith({ ...files, 'manifest.json': manifest })).stacks[0]?.executionRoleArn;
    expect(read()).toBeUndefined();
    const arn = `arn:\${AWS::Partition}:iam::111122223333:role/deploy`;
    manifest.artifacts.App.properties.cloudFormationExecutionRoleArn = arn;
    expect(read()).toBe('arn:aws-cn:iam::111122223333:role/deploy');
  });
});
