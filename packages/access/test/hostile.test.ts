import { AccessError, LIMITS, parsePolicy, readAssembly, readTemplates, valueInWords } from '@cdk-keysmith/access';
import { ask, KEY, ROLE } from './support/ask.ts';
import {
  appOf,
  arnOf,
  assemblyFiles,
  folderWith,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

/** Code and message of the error that reading a template ends with. */
function refusal(text: string, name = 'app.yaml'): readonly [string, string] {
  try {
    readTemplates([{ name, text }]);
  } catch (error) {
    if (error instanceof AccessError) return [error.code, error.message];
    throw error;
  }
  return ['nothing was thrown', ''];
}

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const nest = (levels: number) => `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`;
const doubling = (levels: number) =>
  `a0: &a0 [x, x]\n${many(levels, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`)}Resources: {}\n`;

describe('a template is refused with its name and line', () => {
  it.each<[string, string, string, string, RegExp]>([
    ['cut off', '{"Resources": {"Key": {"Type": "AWS::K', 'a.json', 'MALFORMED_TEMPLATE', /^a\.json is not JSON/],
    ['cut off inside of a quote', '{"Resources": {"Key\\', 'a.json', 'MALFORMED_TEMPLATE', /^a\.json is not JSON/],
    ['cut off in YAML', 'Resources:\n  Key: {Type: "AWS', 'a.yaml', 'MALFORMED_TEMPLATE', /^a\.yaml:2:\d+ is not YAML/],
    ['no object', '[]', 'a.json', 'MALFORMED_TEMPLATE', /must hold an object/],
    ['empty', '', 'a.yaml', 'MALFORMED_TEMPLATE', /must hold an object/],
    ['of tabs', 'Resources:\n\tKey: 1', 'a.yaml', 'MALFORMED_TEMPLATE', /^a\.yaml:2:1 is not YAML/],
    [
      'with a key twice',
      'Resources:\n  Key: {}\n  Key: {}\n',
      'a.yaml',
      'MALFORMED_TEMPLATE',
      /^a\.yaml:3: .*"Key" again/,
    ],
    ['with an alias of nothing', 'Resources: *nothing', 'a.yaml', 'MALFORMED_TEMPLATE', /alias/],
    [
      'with an alias inside of itself',
      'Resources: &a {Key: *a}',
      'a.yaml',
      'MALFORMED_TEMPLATE',
      /a\.yaml:1: .*alias inside/,
    ],
    ['with a list for a key', '? [a, b]\n: 1\n', 'a.yaml', 'MALFORMED_TEMPLATE', /a key that is no plain text/],
    ['with tags upon tags', `Resources: ${'!a '.repeat(300_000)}x`, 'a.yaml', 'MALFORMED_TEMPLATE', /too many tags/],
    ['deep', nest(50_000), 'a.json', 'LIMIT_EXCEEDED', /^a\.json:1: more than 200 levels/],
    [
      'deep in a YAML list',
      `a: ${'['.repeat(500_000)}`,
      'a.yaml',
      'LIMIT_EXCEEDED',
      /^a\.yaml:1: more than 200 levels/,
    ],
    ['deep in YAML blocks', `${'- '.repeat(500_000)}x`, 'a.yaml', 'LIMIT_EXCEEDED', /more than 200 levels/],
    [
      'deep in YAML lines',
      many(300, (index) => `${' '.repeat(index)}a:\n`),
      'a.yaml',
      'LIMIT_EXCEEDED',
      /^a\.yaml:2\d\d: more than 200 levels/,
    ],
    ['deep in YAML keys', `${'a: '.repeat(300_000)}x`, 'a.yaml', 'LIMIT_EXCEEDED', /more than 200 levels/],
    [
      'deep by aliases',
      `a0: &a0 {}\n${many(300, (index) => `a${index + 1}: &a${index + 1} {x: *a${index}}\n`)}`,
      'a.yaml',
      'LIMIT_EXCEEDED',
      /more than 200 levels/,
    ],
    ['that aliases blow up', doubling(30), 'a.yaml', 'LIMIT_EXCEEDED', /more than 500000 values/],
    [
      'of too many values',
      `{"a":[1${',1'.repeat(500_000)}]}`,
      'a.json',
      'LIMIT_EXCEEDED',
      /^a\.json:1: more than 500000 values/,
    ],
    [
      'of too many values in YAML',
      `a: [${'1,'.repeat(300_000)}]`,
      'a.yaml',
      'LIMIT_EXCEEDED',
      /more than 500000 values/,
    ],
    [
      'of too many resources',
      JSON.stringify({ Resources: Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`R${index}`, {}])) }),
      'a.json',
      'LIMIT_EXCEEDED',
      /more than 5000 resources/,
    ],
    ['that is too long', ' '.repeat(LIMITS.jsonBytes.most + 1), 'a.json', 'FILE_TOO_LARGE', /a\.json is longer than/],
    [
      'that is too long for YAML',
      '#'.repeat(LIMITS.yamlBytes.most + 1),
      'a.yaml',
      'FILE_TOO_LARGE',
      /a\.yaml is longer than/,
    ],
  ])('%s', (_title, text, name, code, words) => {
    expect(refusal(text, name)).toEqual([code, expect.stringMatching(words)]);
  });

  it('and never with what it holds', () => {
    const [, message] = refusal('{"Resources": {"Secret": "s3cr3t', 'a.json');
    expect(message).not.toContain('s3cr3t');
    expect(refusal('a: "s3cr3t\nb: [', 'a.yaml')[1]).not.toContain('s3cr3t');
  });

  it('when loops in loops write too much', () => {
    const items = Array.from({ length: 100 }, (_, index) => `i${index}`);
    const loop = (levels: number): Record<string, unknown> => {
      if (levels === 0) return { [`R\${A1}\${A2}\${A3}\${A4}`]: { Type: 'AWS::KMS::Key' } };
      return { [`Fn::ForEach::L${levels}`]: [`A${levels}`, items, loop(levels - 1)] };
    };
    const text = JSON.stringify({ Transform: 'AWS::LanguageExtensions', Resources: loop(4) });
    expect(refusal(text, 'a.json')).toEqual(['LIMIT_EXCEEDED', expect.stringMatching(/^a\.json: more than/)]);
  });
});

describe('an assembly is refused', () => {
  it.each([
    ['stacks that nest themselves', { 'aws:asset:path': 'App.template.json' }, 1, /more than 16 levels/],
    [
      'stacks that nest themselves many times',
      { 'aws:asset:path': 'App.template.json' },
      3,
      /more than (16 levels|1000 stacks)/,
    ],
  ])('with %s', (_title, Metadata, times, words) => {
    const Resources = Object.fromEntries(
      Array.from({ length: times }, (_, index) => [`N${index}`, { Type: 'AWS::CloudFormation::Stack', Metadata }]),
    );
    expect(() => appOf(Resources)).toThrow(words);
  });

  it('with stages inside of themselves', () => {
    const stage = { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } };
    const manifest = { artifacts: { A: stage, B: stage } };
    expect(() => readAssembly(folderWith({ 'manifest.json': manifest }))).toThrow(/more than 16 levels/);
  });
});

describe('a template that is read', () => {
  it('keeps names that every object inherits apart from what it inherits', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const Resources = JSON.parse(`{${names.map((name) => `"${name}": {"Type": "AWS::KMS::Key"}`).join(',')}}`);
    const { keys } = appOf(Resources);
    expect(keys.map(({ logicalId }) => logicalId)).toEqual(names);
    const described = names.flatMap((name) => [
      { Ref: name },
      { 'Fn::GetAtt': [name, 'Arn'] },
      { 'Fn::FindInMap': [name, name, name] },
      { 'Fn::If': [name, 'a', 'b'] },
      { 'Fn::ImportValue': name },
    ]);
    for (const Description of described) {
      const words = valueInWords(
        appOf({ Key: { Type: 'AWS::KMS::Key', Properties: { Description } } }).keys[0]?.description ?? '',
      );
      expect(words).toMatch(/^\$\{/);
    }
    const yamlKeys = readTemplates([
      { name: 'a.yaml', text: `Resources:\n${names.map((name) => `  ${name}: {Type: AWS::KMS::Key}\n`).join('')}` },
    ]).keys;
    expect(yamlKeys.map(({ logicalId }) => logicalId)).toEqual(names);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('cannot forge what stands for an unknown string', () => {
    const forged = { parts: [{ kind: 'attribute', stack: 'App', logicalId: 'Key', attribute: 'Ref' }] };
    const Alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/a', TargetKeyId: forged } };
    const { aliases } = appOf({ Key: keyResource(), Alias });
    expect(aliases[0]?.key).toBeUndefined();
    expect(
      parsePolicy({ Statement: { Effect: 'Allow', Action: 'kms:*', Resource: '*' } }, { name: 'p', kind: 'identity' })
        .statements,
    ).toHaveLength(1);
    const broken = {
      Effect: 'Allow',
      Action: { parts: [{ kind: 'choice', stack: 'a', condition: 'b' }] },
      Resource: '*',
    };
    expect(() => parsePolicy({ Statement: broken }, { name: 'p', kind: 'identity' })).toThrow(/must be a string/);
  });

  it('may refer in circles and in long chains', () => {
    const Outputs = {
      A: { Value: { 'Fn::ImportValue': 'b' }, Export: { Name: 'a' } },
      B: { Value: { 'Fn::ImportValue': 'a' }, Export: { Name: 'b' } },
      ...Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [
          `O${index}`,
          { Value: { 'Fn::ImportValue': `c${index + 1}` }, Export: { Name: `c${index}` } },
        ]),
      ),
    };
    const Key = (value: string) => ({
      Type: 'AWS::KMS::Key',
      Properties: { Description: { 'Fn::ImportValue': value } },
    });
    const { keys } = appOf({ Circle: Key('a'), Chain: Key('c0') }, { template: { Outputs } });
    expect(keys.map(({ description }) => valueInWords(description))).toEqual([
      expect.stringContaining('refers to itself'),
      expect.stringContaining('nested too deeply'),
    ]);
  });

  it('may have conditions in circles, in long chains, and that multiply', () => {
    const Conditions = {
      Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
      ...Object.fromEntries(
        Array.from({ length: 5000 }, (_, index) => [`C${index}`, { 'Fn::Not': [{ Condition: `C${index + 1}` }] }]),
      ),
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `M${index}`,
          { 'Fn::And': [{ Condition: `M${index + 1}` }, { Condition: `M${index + 1}` }] },
        ]),
      ),
    };
    const Key = (name: string) => ({ Type: 'AWS::KMS::Key', Condition: name });
    const { keys } = appOf({ A: Key('Circle'), B: Key('C0'), C: Key('M0') }, { template: { Conditions } });
    expect(keys.map(({ onlyIf }) => onlyIf?.length)).toEqual([1, 1, 1]);
  });

  it('may multiply strings by conditions, until they are too long', () => {
    const Outputs = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => {
        const before = index === 0 ? 'x' : { 'Fn::ImportValue': `${index - 1}` };
        return [
          `O${index}`,
          {
            Value: { 'Fn::If': [`C${index}`, before, { 'Fn::Join': ['', [before, 'y']] }] },
            Export: { Name: `${index}` },
          },
        ];
      }),
    );
    const description = appOf(
      { Key: { Type: 'AWS::KMS::Key', Properties: { Description: { 'Fn::ImportValue': '59' } } } },
      { template: { Outputs } },
    ).keys[0]?.description;
    expect(valueInWords(description ?? '')).toMatch(/grows too long/);
  });

  it('may have a hundred thousand strings to put together', () => {
    const list = Array.from({ length: 100_000 }, () => ({ 'Fn::Sub': `\${AWS::Region}` }));
    const { keys } = appOf({
      Key: { Type: 'AWS::KMS::Key', Properties: { Description: { 'Fn::Join': [',', list] } } },
    });
    expect(valueInWords(keys[0]?.description ?? '')).toMatch(/grows too long/);
  });

  it('may have a statement that hinges on more conditions than anybody can read', () => {
    const Resource = Array.from({ length: 400 }, (_, index) => ({
      'Fn::If': [`C${index}`, arnOf('Key'), { Ref: 'AWS::NoValue' }],
    }));
    const Action = Array.from({ length: 400 }, (_, index) => ({
      'Fn::If': [`D${index}`, 'kms:Decrypt', 'kms:Encrypt'],
    }));
    const policy = policyResource([{ Effect: 'Allow', Action, Resource }], [{ Ref: 'Role' }]);
    const [role] = appOf({ Key: keyResource(), Role: roleResource(), Policy: policy }).principals;
    expect(role?.identityPolicies[0]).toMatchObject({
      statements: [],
      unreadable: [expect.stringContaining('too many conditions')],
    });
  });

  it('may have wildcards that are made to be slow', () => {
    const slow = `arn:aws:kms:*:*:key/${'*a'.repeat(20_000)}*b`;
    const resource = `arn:aws:kms:eu-west-1:111122223333:key/${'a'.repeat(100_000)}`;
    const key = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: `kms:${'*?'.repeat(5000)}`, Resource: slow };
    expect(ask({ key, resource }).verdict).toBe('denied');
    // Either answer holds: what matters is that there is one.
    expect(['denied', 'unknown']).toContain(ask({ key: { ...key, Action: 'kms:*' }, resource }).verdict);
    expect(ask({ key: { ...key, Action: 'kms:*', Resource: KEY }, resource: KEY }).verdict).toBe('allowed');
  });

  it('may hold anything where a list or an object belongs', () => {
    const wrong: readonly unknown[] = [null, 7, true, 'x', [], {}, [[]], { a: { b: 1 } }];
    for (const value of wrong) {
      const properties = Object.fromEntries(
        [
          'KeyPolicy',
          'Tags',
          'Groups',
          'Policies',
          'ManagedPolicyArns',
          'Roles',
          'Users',
          'Role',
          'Environment',
          'Operations',
          'Constraints',
          'PolicyDocument',
          'ServiceName',
          'PrimaryKeyArn',
          'PermissionsBoundary',
          'AssumeRolePolicyDocument',
        ].map((name) => [name, value]),
      );
      const types = [
        'KMS::Key',
        'KMS::ReplicaKey',
        'KMS::Alias',
        'IAM::Role',
        'IAM::User',
        'IAM::Group',
        'IAM::Policy',
        'IAM::InstanceProfile',
        'IAM::UserToGroupAddition',
        'Lambda::Function',
        'Serverless::Function',
        'EC2::VPCEndpoint',
        'CloudFormation::Stack',
      ];
      const resources = Object.fromEntries(
        [...types.map((type) => `AWS::${type}`), 'Custom::KeysmithGrant'].map((Type, index) => [
          `R${index}`,
          { Type, Properties: properties, Condition: value, Metadata: value, DeletionPolicy: value },
        ]),
      );
      expect(
        appOf(resources, {
          template: {
            Parameters: value,
            Mappings: value,
            Conditions: value,
            Outputs: value,
            Transform: value,
            Globals: value,
          },
        }).stacks,
      ).toHaveLength(1);
      expect(appOf({ R: { Type: 'AWS::KMS::Key', Properties: value }, S: value }).keys).toHaveLength(1);
    }
    const files = assemblyFiles({ App: { template: {} } });
    for (const artifacts of wrong) {
      expect(readAssembly(folderWith({ ...files, 'manifest.json': { artifacts } })).stacks).toEqual([]);
    }
  });
});
