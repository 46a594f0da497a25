import {
  type Assembly,
  accessMap,
  givesNewAccess,
  readAssembly,
  type Statement,
  valueInWords,
} from '@cdk-keysmith/access';
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

type Json = Record<string, unknown>;

const nothing = { Ref: 'AWS::NoValue' };
const when = (condition: string, yes: unknown, no: unknown = nothing) => ({ 'Fn::If': [condition, yes, no] });
const equals = (left: unknown, right: unknown) => ({ 'Fn::Equals': [left, right] });

/** Open: hinges on the parameter. Prod and its opposite, and conditions that are decided. */
const Conditions = {
  Prod: equals({ Ref: 'Env' }, 'prod'),
  Test: { 'Fn::Not': [{ Condition: 'Prod' }] },
  Same: { 'Fn::And': [{ Condition: 'Prod' }, equals('a', 'a')] },
  Ever: { 'Fn::Or': [{ Condition: 'Prod' }, equals({ Ref: 'AWS::Region' }, 'eu-west-1')] },
  Never: { 'Fn::And': [{ Condition: 'Prod' }, { Condition: 'Impossible' }] },
  Impossible: equals({ Ref: 'Env' }, 'staging'),
  Other: equals({ Ref: 'Flag' }, 'x'),
};
const Parameters = {
  Env: { Type: 'String', Default: 'prod', AllowedValues: ['dev', 'prod'] },
  Flag: { Type: 'String', Default: 'x' },
};

const app = (resources: Json): Assembly => {
  return appOf(resources, { environment: 'aws://111122223333/eu-west-1', template: { Conditions, Parameters } });
};
const onlyIf = (name: string, is = true) => [{ stack: 'App', name, is }];

function description(value: unknown): string {
  return valueInWords(
    app({ Key: { Type: 'AWS::KMS::Key', Properties: { Description: value } }, Other: keyResource() }).keys[0]
      ?.description ?? '',
  );
}

describe('conditions of a template', () => {
  it.each([
    ['Prod', onlyIf('Prod')],
    ['Test', onlyIf('Prod', false)],
    ['Same', onlyIf('Prod')],
    ['Ever', undefined],
    ['Other', onlyIf('Other')],
    ['Unheard', onlyIf('Unheard')],
  ])('%s: a key that hinges on it is there, or there only if …', (name, expected) => {
    const { keys } = app({ Key: { ...keyResource(), Condition: name } });
    expect(keys.map((key) => key.onlyIf)).toEqual([expected]);
  });

  it.each(['Never', 'Impossible'])('%s: a key that hinges on it is not there', (name) => {
    expect(app({ Key: { ...keyResource(), Condition: name } }).keys).toEqual([]);
  });

  it('of a nested stack are those of everything in it', () => {
    const nested = (Condition: string) => ({
      Type: 'AWS::CloudFormation::Stack',
      Condition,
      Metadata: { 'aws:asset:path': 'inner.json' },
      Properties: { Parameters: { Name: when('Prod', 'prod', 'test') } },
    });
    const inner = {
      Parameters: { Name: { Type: 'String' } },
      Conditions: { Own: equals({ Ref: 'Other' }, 'x') },
      Resources: {
        Key: { ...keyResource(), Condition: 'Own' },
        Role: roleResource({ RoleName: { Ref: 'Name' } }),
      },
    };
    const Resources = { Always: nested('Ever'), Sometimes: nested('Prod'), Never: nested('Never') };
    const files = assemblyFiles({
      App: { template: { Resources, Conditions, Parameters }, environment: 'aws://111122223333/eu-west-1' },
    });
    const { keys, principals } = readAssembly(folderWith({ ...files, 'inner.json': inner }));
    const own = (stack: string) => [{ stack: `App/${stack}`, name: 'Own', is: true }];
    expect(keys.map(({ stack, onlyIf: conditions }) => [stack, conditions])).toEqual([
      ['App/Always', own('Always')],
      ['App/Sometimes', [...onlyIf('Prod'), ...own('Sometimes')]],
    ]);
    expect(principals.map(({ name }) => valueInWords(name))).toEqual([
      `\${Prod ? prod : test}`,
      `\${Prod ? prod : test}`,
    ]);
  });

  it('with parameters stay open, whatever the default', () => {
    expect(description(when('Prod', 'a', 'b'))).toBe(`\${Prod ? a : b}`);
  });
});

describe('a string that hinges on a condition', () => {
  it.each<[unknown, string]>([
    [when('Ever', 'a', 'b'), 'a'],
    [when('Never', 'a', 'b'), 'b'],
    [when('Prod', 'same', 'same'), 'same'],
    [when('Prod', { Ref: 'Other' }, { Ref: 'Other' }), `\${Other}`],
    [when('Test', 'a', 'b'), `\${Prod ? b : a}`],
    [when('Prod', when('Test', 'never', 'a'), when('Same', 'never', 'b')), `\${Prod ? a : b}`],
    [joined('x-', when('Prod', 'a', 'b'), '-y'), `x-\${Prod ? a : b}-y`],
    [{ 'Fn::Join': ['-', ['x', when('Prod', 'a'), 'y']] }, `\${Prod ? x-a-y : x-y}`],
    [{ 'Fn::Join': ['-', when('Prod', ['a', 'b'], ['c'])] }, `\${Prod ? a-b : c}`],
    [{ 'Fn::Select': [0, when('Prod', ['a'], ['b'])] }, `\${Prod ? a : b}`],
    [{ 'Fn::Select': [0, [when('Prod', 'a'), 'z']] }, `\${Prod ? a : z}`],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', when('Prod', 'a/b', 'c/d')] }] }, `\${Prod ? b : d}`],
    [{ 'Fn::Sub': [`\${A}!`, { A: when('Prod', 1, 2) }] }, `\${Prod ? 1 : 2}!`],
    [{ 'Fn::Base64': when('Prod', 'a', 'b') }, `\${Prod ? YQ== : Yg==}`],
    [{ 'Fn::Length': when('Prod', ['a'], ['a', 'b']) }, `\${Prod ? 1 : 2}`],
    [when('Prod', 'a'), `\${Prod ? a : }`],
  ])('%j is %s', (value, words) => expect(description(value)).toBe(words));

  it('makes a name of which both are kept', () => {
    const { principals, functions } = app({
      Role: roleResource({ RoleName: when('Prod', 'writer', 'writer-test') }),
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Role') } },
    });
    expect(valueInWords(principals[0]?.arn ?? '')).toBe(
      `arn:aws:iam::111122223333:role/\${Prod ? writer : writer-test}`,
    );
    expect(functions[0]?.role).toBe(principals[0]);
  });

  it('is a default where the branch has nothing', () => {
    const [key] = app({
      Key: keyResource([], {
        KeySpec: when('Prod', 'RSA_2048'),
        Enabled: when('Prod', true),
        PendingWindowInDays: when('Prod', 7),
      }),
    }).keys;
    expect(valueInWords(key?.keySpec ?? '')).toBe(`\${Prod ? RSA_2048 : SYMMETRIC_DEFAULT}`);
    expect(key).toMatchObject({
      enabled: true,
      pendingWindowInDays: undefined,
      problems: ['PendingWindowInDays is not known: condition Prod of stack App is decided at deployment'],
    });
  });
});

describe('a policy that hinges on conditions', () => {
  const use = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: arnOf('Key') };

  /** Statements of a role's policy, without what is the same in all. */
  function statements(document: Json[] | unknown, role: Json = {}, policy: Json = {}): readonly Partial<Statement>[] {
    const attached = { ...policyResource(document as Json[], [{ Ref: 'Role' }]), ...policy };
    const { principals } = app({ Key: keyResource(), Role: { ...roleResource(), ...role }, Policy: attached });
    return (principals[0]?.identityPolicies ?? []).flatMap((one) => {
      expect(one.unreadable).toBeUndefined();
      return one.statements.map(({ index, actions, resources, onlyIf: conditions, effect }) => ({
        index,
        effect,
        actions,
        resources: resources.map(valueInWords),
        ...(conditions !== undefined && { onlyIf: conditions }),
      }));
    });
  }

  const key = `arn:aws:kms:eu-west-1:111122223333:key/\${Key}`;
  const plain = { index: 1, effect: 'Allow', actions: ['kms:Decrypt'], resources: [key] };

  it('keeps a statement with its condition', () => {
    expect(statements([when('Prod', use), { ...use, Action: 'kms:Encrypt' }])).toEqual([
      { ...plain, onlyIf: onlyIf('Prod') },
      { ...plain, index: 2, actions: ['kms:Encrypt'] },
    ]);
  });

  it('keeps both branches', () => {
    expect(statements([when('Test', use, { ...use, Effect: 'Deny' })])).toEqual([
      { ...plain, effect: 'Deny', onlyIf: onlyIf('Prod') },
      { ...plain, onlyIf: onlyIf('Prod', false) },
    ]);
  });

  it('keeps apart what always is named and what is in some cases only', () => {
    expect(
      statements([
        {
          ...use,
          Resource: [arnOf('Key'), when('Prod', 'arn:x')],
          Action: when('Other', ['kms:Decrypt', 'kms:Sign'], 'kms:Decrypt'),
        },
      ]),
    ).toEqual([
      { ...plain, actions: ['kms:Decrypt', 'kms:Sign'], onlyIf: onlyIf('Other') },
      {
        ...plain,
        actions: ['kms:Decrypt', 'kms:Sign'],
        resources: ['arn:x'],
        onlyIf: [...onlyIf('Other'), ...onlyIf('Prod')],
      },
      { ...plain, onlyIf: onlyIf('Other', false) },
      { ...plain, resources: ['arn:x'], onlyIf: [...onlyIf('Other', false), ...onlyIf('Prod')] },
    ]);
  });

  it('keeps whole what cannot be taken apart', () => {
    const Condition = { StringNotEquals: { 'kms:ViaService': [when('Prod', 'a'), 'b'] } };
    const { principals } = app({
      Role: roleResource(),
      Policy: policyResource([{ ...use, Resource: '*', Condition }], [{ Ref: 'Role' }]),
    });
    expect(principals[0]?.identityPolicies[0]?.statements).toMatchObject([
      { conditions: [{ values: ['a', 'b'] }], onlyIf: onlyIf('Prod') },
      { conditions: [{ values: ['b'] }], onlyIf: onlyIf('Prod', false) },
    ]);
  });

  it('can be a whole document', () => {
    const document = (action: string) => ({ Version: '2012-10-17', Statement: { ...use, Action: action } });
    const Policies = [{ PolicyName: 'P', PolicyDocument: when('Prod', document('kms:Sign'), document('kms:Verify')) }];
    const { principals } = app({ Key: keyResource(), Role: roleResource({ Policies }) });
    expect(principals[0]?.identityPolicies[0]?.statements).toMatchObject([
      { actions: ['kms:Sign'], onlyIf: onlyIf('Prod') },
      { actions: ['kms:Verify'], onlyIf: onlyIf('Prod', false) },
    ]);
  });

  it('can be a policy resource, and its condition goes without saying where the role has the same', () => {
    expect(statements([use], {}, { Condition: 'Prod' })).toEqual([{ ...plain, onlyIf: onlyIf('Prod') }]);
    expect(statements([use], { Condition: 'Prod' }, { Condition: 'Same' })).toEqual([plain]);
    expect(statements([use], { Condition: 'Prod' }, { Condition: 'Other' })).toEqual([
      { ...plain, onlyIf: onlyIf('Other') },
    ]);
    expect(statements([use], {}, { Condition: 'Never' })).toEqual([]);
  });

  it('is attached to a role whose name hinges on a condition, by either name and by both', () => {
    const names = (Roles: unknown[]) => {
      const Role = roleResource({ RoleName: when('Prod', 'a', 'b') });
      const { principals } = app({ Key: keyResource(), Role, Policy: policyResource([use], Roles) });
      return principals[0]?.identityPolicies.flatMap((one) => one.statements.map((statement) => statement.onlyIf));
    };
    expect(names([{ Ref: 'Role' }])).toEqual([undefined]);
    expect(names([when('Prod', 'a', 'b')])).toEqual([undefined]);
    expect(names(['b'])).toEqual([onlyIf('Prod', false)]);
    expect(names([when('Prod', 'b', 'a')])).toEqual([]);
  });

  it('is found by an ARN that hinges on one, as it is written and in each case', () => {
    const Policy = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: when('Prod', 'a', 'b'),
        PolicyDocument: { Version: '2012-10-17', Statement: use },
      },
    };
    const holdings = (arn: unknown) => {
      const [role] = app({ Key: keyResource(), Policy, Role: roleResource({ ManagedPolicyArns: [arn] }) }).principals;
      return [role?.identityPolicies.map(({ statements: [one] }) => one?.onlyIf), role?.unknownPolicies];
    };
    expect(holdings({ Ref: 'Policy' })).toEqual([[undefined], []]);
    expect(holdings({ 'Fn::GetAtt': ['Policy', 'PolicyArn'] })).toEqual([[undefined], []]);
    expect(holdings('arn:aws:iam::111122223333:policy/b')).toEqual([[onlyIf('Prod', false)], []]);
    expect(holdings(when('Prod', { Ref: 'Policy' }, 'arn:aws:iam::111122223333:policy/c'))).toEqual([
      [onlyIf('Prod')],
      ['arn:aws:iam::111122223333:policy/c (if condition Prod of stack App is false)'],
    ]);
  });

  it('is that of the role in each case where a managed policy hinges on one', () => {
    const arns = [when('Prod', 'arn:aws:iam::aws:policy/PowerUserAccess', 'arn:aws:iam::111122223333:policy/x')];
    const [role] = app({ Role: roleResource({ ManagedPolicyArns: arns }) }).principals;
    expect(role?.identityPolicies[0]?.statements[0]?.onlyIf).toEqual(onlyIf('Prod'));
    expect(role?.unknownPolicies).toEqual([
      'arn:aws:iam::111122223333:policy/x (if condition Prod of stack App is false)',
    ]);
  });

  it('can name principals in some cases only', () => {
    const [one] = app({
      Key: keyResource([
        {
          Effect: 'Allow',
          Principal: {
            AWS: ['111122223333', when('Prod', '444455556666')],
            Service: when('Test', 'sns.amazonaws.com'),
          },
          Action: 'kms:*',
          Resource: '*',
        },
      ]),
    }).keys;
    expect(one?.keyPolicy.statements.slice(1)).toMatchObject([
      { principals: { AWS: ['arn:aws:iam::111122223333:root'] } },
      { principals: { AWS: ['arn:aws:iam::444455556666:root'] }, onlyIf: onlyIf('Prod') },
      { principals: { Service: ['sns.amazonaws.com'] }, onlyIf: onlyIf('Prod', false) },
    ]);
  });

  it('has KMS’s default where a key has a policy in one case only', () => {
    const own = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
    };
    const [one] = app({ Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: when('Prod', own) } } }).keys;
    expect(one?.keyPolicy.statements).toMatchObject([
      { actions: ['kms:Decrypt'], onlyIf: onlyIf('Prod') },
      { actions: ['kms:*'], onlyIf: onlyIf('Prod', false) },
    ]);
  });

  it('can be a boundary', () => {
    const Boundary = policyResource([{ ...use, Resource: '*' }], [], 'AWS::IAM::ManagedPolicy');
    const boundary = (PermissionsBoundary: unknown, more: Json = {}) => {
      return app({ Role: { ...roleResource({ PermissionsBoundary }), ...more }, Boundary }).principals[0]
        ?.permissionsBoundary;
    };
    expect(boundary(when('Prod', { Ref: 'Boundary' }))?.statements).toMatchObject([
      { actions: ['kms:Decrypt'], onlyIf: onlyIf('Prod') },
      { actions: ['*'], onlyIf: onlyIf('Prod', false) },
    ]);
    expect(boundary(when('Prod', { Ref: 'Boundary' }), { Condition: 'Prod' })?.statements[0]).not.toHaveProperty(
      'onlyIf',
    );
    expect(boundary(nothing)).toBeUndefined();
  });

  it('is certain where it hinges on what the key or the role hinges on too', () => {
    const resources = (role: Json, policy: Json, key: Json = {}) => {
      const Policy = { ...policyResource([use], [{ Ref: 'Role' }]), ...policy };
      return accessMap(app({ Key: { ...keyResource(), ...key }, Role: { ...roleResource(), ...role }, Policy }));
    };
    const verdict = (...given: Parameters<typeof resources>) => {
      const row = resources(...given).keys[0]?.rows.find(({ grantee }) => grantee.type === 'role');
      return row?.cells.find(({ action }) => action === 'kms:Decrypt')?.decision.verdict;
    };
    expect(verdict({}, { Condition: 'Prod' })).toBe('unknown');
    expect(verdict({}, { Condition: 'Prod' }, { Condition: 'Same' })).toBe('allowed');
    expect(verdict({}, { Condition: 'Prod' }, { Condition: 'Test' })).toBe('denied');
    expect(verdict({ Condition: 'Prod' }, { Condition: 'Prod' })).toBe('allowed');
  });

  it('is not said to give new access, or none, where the conditions decide', () => {
    const [conditional, certain] = ['Prod', 'Ever'].map((name) => {
      const Policy = policyResource([when(name, use)], [{ Ref: 'Role' }]);
      return app({ Key: keyResource(), Role: roleResource(), Policy }).principals[0]?.identityPolicies ?? [];
    });
    expect(givesNewAccess(certain ?? [], certain ?? []).verdict).toBe('no');
    expect(givesNewAccess(conditional ?? [], certain ?? [])).toMatchObject({
      verdict: 'unknown',
      reasons: ['statement 1 of policy App/Policy is there only if condition Prod of stack App is true'],
    });
    expect(givesNewAccess([], conditional ?? []).verdict).toBe('unknown');
    expect(givesNewAccess(conditional ?? [], conditional ?? []).verdict).toBe('no');
    expect(givesNewAccess(certain ?? [], conditional ?? []).verdict).toBe('no');
  });

  it('is unknown with its reason, and never hides what is certain', () => {
    const Role = roleResource();
    const policy = policyResource(
      [
        { ...use, Action: ['kms:Sign', when('Prod', 'kms:Decrypt')] },
        { ...use, Action: 'kms:Encrypt' },
        when('Prod', { ...use, Action: 'kms:Encrypt' }),
      ],
      [{ Ref: 'Role' }],
    );
    const map = accessMap(app({ Key: keyResource(), Role, Policy: policy }));
    const row = map.keys[0]?.rows.find(({ grantee }) => grantee.type === 'role');
    const decision = (action: string) => row?.cells.find((cell) => cell.action === action)?.decision;
    expect(decision('kms:Encrypt')?.verdict).toBe('allowed');
    expect(decision('kms:GenerateDataKey')?.verdict).toBe('denied');
    expect(decision('kms:Decrypt')).toMatchObject({
      verdict: 'unknown',
      reasons: [{ text: 'statement 1 of policy App/Policy: it is there only if condition Prod of stack App is true' }],
    });
    expect(map.unknowns.filter((text) => !text.includes('condition Prod of stack App is true'))).toEqual([]);
  });
});
