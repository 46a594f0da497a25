import { givesNewAccess, parsePolicy } from '@cdk-keysmith/access';

describe('a policy is refused with its name and the member', () => {
  const source = { name: 'policy.json', kind: 'identity' } as const;
  const nested = (levels: number) => {
    let value: unknown = 'x';
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };
  const statement = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
  const cyclic: Record<string, unknown> = { ...statement };
  cyclic['Condition'] = { StringEquals: cyclic };

  it.each<[string, unknown, RegExp]>([
    ['deep', { ...statement, Condition: nested(100_000) }, /^policy\.json: Statement: Condition.*more than 200 levels/],
    ['deep in its actions', { ...statement, Action: nested(100_000) }, /^policy\.json: Statement: Action.*200 levels/],
    ['part of itself', cyclic, /^policy\.json: Statement: Condition: StringEquals: more than 200 levels/],
    [
      'of too many values',
      { ...statement, Action: Array(500_001).fill('kms:*') },
      /^policy\.json: Statement: Action: more than 500000/,
    ],
  ])('%s', (_title, Statement, words) => {
    expect(() => parsePolicy({ Statement }, source)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringMatching(words) }),
    );
  });

  it('and names that every object has are condition keys and operators like any other', () => {
    const Condition = JSON.parse('{"StringEquals": {"__proto__": "x", "constructor": "y"}}');
    const { statements } = parsePolicy({ Statement: { ...statement, Condition } }, source);
    expect(statements[0]?.conditions.map(({ key }) => key)).toEqual(['__proto__', 'constructor']);
    const operators = JSON.parse('{"__proto__": {"kms:ViaService": "a"}}');
    const read = parsePolicy({ Statement: { ...statement, Condition: operators } }, source);
    expect(read.statements[0]?.conditions.map(({ operator }) => operator)).toEqual(['__proto__']);
  });
});

describe('a comparison of policies', () => {
  const on = (id: string, more = {}) =>
    parsePolicy(
      { Statement: { Effect: 'Allow', Action: 'kms:*', Resource: `arn:aws:kms:*:*:key/${id}`, ...more } },
      { name: 'p', kind: 'identity' },
    );

  it('gives up on wildcards that are made to be slow, and says so', () => {
    const [before, after] = [on(`${'*a'.repeat(2000)}*b`), on(`${'*a?'.repeat(1000)}b*`)];
    // "Yes" or "unknown" hold, "no" does not: what matters is that it ends.
    expect(givesNewAccess(before, after).verdict).not.toBe('no');
    expect(givesNewAccess(before, before).verdict).not.toBe('yes');
    expect(givesNewAccess(on('*a*a*a*a*a*b'), on('*aa*aaa*b')).verdict).toBe('no');
    expect(givesNewAccess(on('*a*a*a*a*a*b'), on('*aa*aa*b')).verdict).toBe('yes');
  });
});
