import { AccessError, bindPolicy, type PolicyKind, parsePolicy } from '@cdk-keysmith/access';

function problemsOf(document: unknown, kind: PolicyKind = 'key'): readonly string[] {
  try {
    parsePolicy(document, { name: 'the policy', kind });
  } catch (error) {
    if (error instanceof AccessError && error.code === 'MALFORMED_POLICY') return error.problems;
    throw error;
  }
  return [];
}

const key = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
const iam = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
const one = (more: object, base: object = key) => ({ Version: '2012-10-17', Statement: { ...base, ...more } });

describe('parsing a policy', () => {
  it.each<[string, unknown, PolicyKind, string]>([
    ['no object', 'x', 'key', 'the document must be an object with Version and Statement, not "x"'],
    [
      'an unknown member',
      { ...one({}), Extra: 1 },
      'key',
      'unknown member "Extra": allowed are Version, Id, Statement',
    ],
    [
      'a wrong version',
      { ...one({}), Version: '2012' },
      'key',
      'Version must be "2012-10-17" or "2008-10-17", not "2012"',
    ],
    ['no statement', { Version: '2012-10-17' }, 'key', 'Statement is missing'],
    ['a statement that is none', { Statement: [1] }, 'key', 'Statement 1 must be an object, not 1'],
    [
      'an effect in small letters',
      one({ Effect: 'allow' }),
      'key',
      'Statement 1: Effect must be "Allow" or "Deny", not "allow"',
    ],
    ['no effect', one({ Effect: undefined }), 'key', 'Statement 1: Effect must be "Allow" or "Deny", not nothing'],
    ['an unknown member of a statement', one({ Actions: [] }), 'key', 'Statement 1: unknown member "Actions"'],
    ['both actions', one({ NotAction: 'kms:*' }), 'key', 'Statement 1: has both Action and NotAction; use one'],
    [
      'an action without its service',
      one({ Action: 'Decrypt' }),
      'key',
      'Statement 1: Action must be "*" or <service>:<action> such as "kms:Decrypt", not "Decrypt"',
    ],
    [
      'an action that is no string',
      one({ Action: [1] }),
      'key',
      'Statement 1: Action must be a string or a list of strings, not 1',
    ],
    [
      'no principal in a key policy',
      one({ Principal: undefined }),
      'key',
      'Statement 1: Principal is missing: a key policy must say who',
    ],
    ['a principal in IAM', one({}), 'identity', 'Statement 1: Principal is not allowed in identity policies'],
    [
      'a principal that is an ARN',
      one({ Principal: 'arn:aws:iam::111122223333:root' }),
      'key',
      'Statement 1: Principal must be "*" or an object such as {"AWS": "<ARN>"}, not "arn:aws:iam::111122223333:root"',
    ],
    [
      'an unknown principal type',
      one({ Principal: { aws: '*' } }),
      'key',
      'Statement 1: Principal: unknown type "aws": allowed are AWS, Service, Federated, CanonicalUser',
    ],
    ['no action in IAM', one({ Action: undefined }, iam), 'identity', 'Statement 1: Action is missing'],
    ['no resource in IAM', one({ Resource: undefined }, iam), 'boundary', 'Statement 1: Resource is missing'],
    [
      'a condition that is a list',
      one({ Condition: [] }),
      'key',
      'Statement 1: Condition must be an object, not a list',
    ],
    [
      'a condition without keys',
      one({ Condition: { StringEquals: 'a' } }),
      'key',
      'Statement 1: Condition.StringEquals must be an object of condition keys, not "a"',
    ],
    [
      'a condition on an object',
      one({ Condition: { StringEquals: { a: {} } } }),
      'key',
      'Statement 1: Condition.StringEquals.a must be a string, a number, a boolean or a list of them, not an object',
    ],
  ])('refuses %s', (_title, document, kind, problem) => {
    expect(problemsOf(JSON.parse(JSON.stringify(document)), kind)).toEqual([problem]);
  });

  it('reports all mistakes at once, each with its place', () => {
    const document = { Version: '1', Statement: [key, { ...key, Effect: 'allow', Action: 'x' }, 7] };
    expect(problemsOf(document)).toHaveLength(4);
    expect(() => parsePolicy(document, { name: 'the key policy', kind: 'key' })).toThrow(
      /^the key policy is malformed: Version .*; Statement 2: /,
    );
  });

  it('makes lists of single things, strings of numbers and flags, and an ARN of an account number', () => {
    const document = one({
      Sid: 'A',
      Principal: { AWS: '111122223333' },
      Condition: { Bool: { b: true }, NumericEquals: { n: [7, '8'] } },
    });
    expect(parsePolicy(document, { name: 'p', kind: 'key' }).statements).toEqual([
      {
        index: 1,
        sid: 'A',
        effect: 'Allow',
        principals: { AWS: ['arn:aws:iam::111122223333:root'] },
        notPrincipals: undefined,
        actions: ['kms:Decrypt'],
        notActions: undefined,
        resources: ['*'],
        notResources: undefined,
        conditions: [
          { operator: 'Bool', key: 'b', values: ['true'] },
          { operator: 'NumericEquals', key: 'n', values: ['7', '8'] },
        ],
      },
    ]);
  });

  it('accepts a key policy statement without Action or Resource, as KMS does', () => {
    expect(problemsOf(JSON.parse(JSON.stringify(one({ Action: undefined, Resource: undefined }))))).toEqual([]);
  });

  it('never shows more than the beginning of a wrong value', () => {
    const [problem = ''] = problemsOf(one({ Effect: 'x'.repeat(5000) }));
    expect(problem.length).toBeLessThan(200);
  });

  it('keeps what is not known as it is, and binding fills it in everywhere', () => {
    const part = { parts: [{ kind: 'parameter', stack: 'App', name: 'P' }] };
    const document = one({
      Principal: { AWS: part },
      Action: [part],
      Resource: part,
      Condition: { StringEquals: { a: part } },
    });
    const policy = parsePolicy(document, { name: 'p', kind: 'key' });
    expect(policy.statements[0]?.resources).toEqual([part]);
    expect(bindPolicy(policy, () => 'known').statements[0]).toMatchObject({
      principals: { AWS: ['known'] },
      actions: ['known'],
      resources: ['known'],
      conditions: [{ values: ['known'] }],
    });
    expect(bindPolicy(policy, () => undefined)).toEqual(policy);
  });
});

describe('an account number without quotes', () => {
  it.each([111122223333, [111122223333]])('is the account: %j', (AWS) => {
    const { statements } = parsePolicy(one({ Principal: { AWS } }), { name: 'the policy', kind: 'key' });
    expect(statements[0]?.principals).toEqual({ AWS: ['arn:aws:iam::111122223333:root'] });
  });
});
