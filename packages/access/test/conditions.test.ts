import { decisionInWords, evaluate, parsePolicy, type Value } from '@cdk-keysmith/access';
import {
  ACCOUNT,
  allowIam,
  allowKey,
  ask,
  type Given,
  holds,
  type Json,
  KEY,
  policy,
  ROLE,
  ROOT,
  role,
  USER,
} from './support/ask.ts';

/** `${…}`, which would be a placeholder in a string of this language. */
const variable = (name: string) => `\${${name}}`;

describe('condition operators', () => {
  const tenant = 'kms:EncryptionContext:tenant';
  const allowed: [Json, Record<string, string | string[]>][] = [
    [{ StringEquals: { [tenant]: 'a' } }, { [tenant]: 'a' }],
    [{ StringEquals: { [tenant]: ['b', 'a'] } }, { [tenant]: 'a' }],
    [{ StringEquals: { 'KMS:encryptioncontext:TENANT': 'a' } }, { [tenant]: 'a' }],
    [{ StringEqualsIfExists: { [tenant]: 'a' } }, {}],
    [{ StringNotEquals: { [tenant]: 'a' } }, { [tenant]: 'b' }],
    [{ StringNotEquals: { [tenant]: 'a' } }, {}],
    [{ StringEqualsIgnoreCase: { [tenant]: 'ABC' } }, { [tenant]: 'aBc' }],
    [{ StringNotEqualsIgnoreCase: { [tenant]: 'ABC' } }, { [tenant]: 'abd' }],
    [{ StringLike: { [tenant]: 'a*c?' } }, { [tenant]: 'abbcd' }],
    [{ StringNotLike: { [tenant]: 'a*' } }, { [tenant]: 'b' }],
    [{ StringLike: { [tenant]: `a${variable('*')}` } }, { [tenant]: 'a*' }],
    [
      { StringEquals: { [tenant]: variable('aws:PrincipalTag/team') } },
      { [tenant]: 'x', 'aws:PrincipalTag/team': 'x' },
    ],
    [{ StringEquals: { [tenant]: variable("aws:PrincipalTag/team, 'all'") } }, { [tenant]: 'all' }],
    [{ StringNotEquals: { [tenant]: variable('aws:PrincipalTag/team') } }, { [tenant]: 'x' }],
    [{ NumericEquals: { n: 7 } }, { n: '7.0' }],
    [{ NumericNotEquals: { n: 7 } }, { n: '8' }],
    [{ NumericLessThan: { n: '7' } }, { n: '6.9' }],
    [{ NumericLessThanEquals: { n: '7' } }, { n: '7' }],
    [{ NumericGreaterThan: { n: '7' } }, { n: '10' }],
    [{ NumericGreaterThanEquals: { n: '-7' } }, { n: '-7' }],
    [{ DateEquals: { d: '2026-01-01T00:00:00Z' } }, { d: '2026-01-01' }],
    [{ DateNotEquals: { d: '2026-01-01' } }, { d: '2026-01-02' }],
    [{ DateLessThan: { d: '2026-01-01T00:00:00Z' } }, { d: '1767225599' }],
    [{ DateLessThanEquals: { d: '2026-01-01T00:00:00Z' } }, { d: '2026-01-01T01:00:00+01:00' }],
    [{ DateGreaterThan: { d: '2026-01-01T00:00:00Z' } }, { d: '2026-01-01T00:00:01Z' }],
    [{ DateGreaterThanEquals: { d: '2026-01-01T00:00:00Z' } }, { d: '2026-01-01T00:00:00Z' }],
    [{ Bool: { b: 'true' } }, { b: 'TRUE' }],
    [{ Bool: { b: false } }, { b: 'false' }],
    [{ BinaryEquals: { b: 'QmluYXJ5' } }, { b: 'QmluYXJ5' }],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.113.255' }],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.7' } }, { 'aws:SourceIp': '203.0.113.7' }],
    [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { 'aws:SourceIp': '2001:db8:1::1' }],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.114.1' }],
    [{ ArnEquals: { a: 'arn:aws:sns:*:111122223333:orders*' } }, { a: 'arn:aws:sns:eu-west-1:111122223333:orders-1' }],
    [{ ArnLike: { a: 'arn:aws:s3:::b*' } }, { a: 'arn:aws:s3:::bucket/key:with:colons' }],
    [{ ArnNotEquals: { a: 'arn:aws:sns:*:111122223333:*' } }, { a: 'arn:aws:sns:eu-west-1:444455556666:t' }],
    [{ ArnNotLike: { a: 'arn:aws:sns:*:111122223333:*' } }, {}],
    [{ Null: { [tenant]: 'true' } }, {}],
    [{ Null: { [tenant]: false } }, { [tenant]: '' }],
    [{ 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['b', 'a'] }],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, {}],
    [{ 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }, { k: ['c', 'b'] }],
    [{ 'ForAnyValue:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }],
    [{ 'ForAnyValue:StringLikeIfExists': { k: 'a*' } }, {}],
  ];
  const denied: [Json, Record<string, string | string[]>][] = [
    [{ StringEquals: { [tenant]: 'a' } }, { [tenant]: 'A' }],
    [{ StringEquals: { [tenant]: 'a*' } }, { [tenant]: 'ab' }],
    [{ StringEquals: { [tenant]: [] } }, { [tenant]: 'a' }],
    [{ StringEquals: { [tenant]: 'a' }, Bool: { b: 'true' } }, { [tenant]: 'a' }],
    [{ StringEqualsIfExists: { [tenant]: 'a' } }, { [tenant]: 'b' }],
    [{ StringNotEquals: { [tenant]: ['a', 'b'] } }, { [tenant]: 'b' }],
    [{ StringLike: { [tenant]: `a${variable('*')}` } }, { [tenant]: 'ab' }],
    [{ StringEquals: { [tenant]: variable('aws:PrincipalTag/team') } }, { [tenant]: 'x' }],
    [
      { StringLike: { [tenant]: variable('aws:PrincipalTag/team') } },
      { [tenant]: 'xyz', 'aws:PrincipalTag/team': 'x*' },
    ],
    [{ NumericLessThan: { n: '7' } }, { n: 'six' }],
    [{ NumericEquals: { n: '7' } }, { n: '0x7' }],
    [{ DateLessThan: { d: 'tomorrow' } }, { d: '2026-01-01' }],
    [{ Bool: { b: 'true' } }, { b: 'yes' }],
    [{ Bool: { b: 'true' } }, {}],
    [{ BinaryEquals: { b: 'QmluYXJ5' } }, { b: 'qmluYXJ5' }],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '2001:db8::1' }],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/33' } }, { 'aws:SourceIp': '203.0.113.1' }],
    [{ ArnLike: { a: 'arn:aws:sns:*:orders' } }, { a: 'arn:aws:sns:eu-west-1:111122223333:orders' }],
    [{ ArnLike: { a: 'arn:aws:sns:*:*:orders' } }, { a: 'orders' }],
    [{ Null: { [tenant]: 'true' } }, { [tenant]: 'a' }],
    [{ Null: { [tenant]: 'false' } }, {}],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, { k: ['a', 'b'] }],
    [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, {}],
    [{ 'ForAnyValue:StringNotEquals': { k: ['a'] } }, {}],
    [{ StringMatches: { [tenant]: 'a' } }, { [tenant]: 'a' }],
    [{ StringLike: { [tenant]: 'a' }, NullIfExists: { [tenant]: 'false' } }, { [tenant]: 'a' }],
  ];

  it.each(allowed)('%j holds for %j', (condition, context) => expect(holds(condition, context)).toBe('allowed'));
  it.each(denied)('%j does not hold for %j', (condition, context) => expect(holds(condition, context)).toBe('denied'));

  it('variables are plain text in policies of 2008', () => {
    const statement = allowKey(
      { AWS: ROLE },
      { Condition: { StringEquals: { [tenant]: variable('aws:PrincipalAccount') } } },
    );
    const request = { action: 'kms:Decrypt', caller: role, resource: KEY, resourceAccount: ACCOUNT };
    const verdict = (version: string, value: string) => {
      const layers = { keyPolicy: policy('key', statement, version), identityPolicies: [] };
      return evaluate({ ...request, context: { [tenant]: value } }, layers).verdict;
    };
    expect(verdict('2012-10-17', ACCOUNT)).toBe('allowed');
    expect(verdict('2008-10-17', ACCOUNT)).toBe('denied');
    expect(verdict('2008-10-17', variable('aws:PrincipalAccount'))).toBe('allowed');
  });

  it('an operator that IAM does not have leaves a Deny undecided', () => {
    const deny = { ...allowKey('*', { Condition: { StringMatches: { [tenant]: 'a' } } }), Effect: 'Deny' };
    expect(ask({ key: [allowKey('*'), deny] }).verdict).toBe('unknown');
  });

  it.each<[string, string]>([
    ['aws:PrincipalArn', ROLE],
    ['aws:PrincipalAccount', ACCOUNT],
    ['kms:CallerAccount', ACCOUNT],
    ['aws:PrincipalType', 'AssumedRole'],
  ])('%s follows from the caller', (key, value) => {
    expect(holds({ StringEquals: { [key]: value } }, {})).toBe('allowed');
    expect(holds({ StringEquals: { [key]: value } }, { [key]: 'other' })).toBe('denied');
  });
});

describe('a question that leaves the request open', () => {
  const tenant = { StringEquals: { 'kms:EncryptionContext:tenant': 'a' } };
  const named = (more: Json) => allowKey({ AWS: ROLE }, more);

  it('turns conditions into residual conditions', () => {
    const decision = ask({ open: true, key: named({ Condition: tenant }) });
    expect(decision).toMatchObject({
      verdict: 'allowed-if',
      residual: [{ negated: false, text: 'encryption context "tenant" is "a"', statement: { index: 1 } }],
    });
    expect(decisionInWords(decision)).toMatch(
      /^allowed if encryption context "tenant" is "a": statement 1 of the key policy/,
    );
  });

  it('does not claim "allowed" where a conditional Deny may hit', () => {
    const deny = { ...allowKey('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), Effect: 'Deny' };
    const decision = ask({ open: true, key: [named({}), deny] });
    expect(decision.residual).toMatchObject([{ negated: true, text: 'unless aws:SecureTransport is false' }]);
    expect(decisionInWords(decision)).toMatch(/^allowed unless aws:SecureTransport is false/);
  });

  it('keeps alternatives apart, and forgets those that ask for more than another', () => {
    const other = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } };
    const both = { StringEquals: { ...tenant.StringEquals, ...other.StringEquals } };
    const decision = ask({ open: true, key: [tenant, other, tenant].map((Condition) => named({ Condition })) });
    expect(decision.residual.map(({ text }) => text)).toEqual(['encryption context "tenant" is "a"']);
    expect(decision.alternatives).toMatchObject([[{ text: 'kms:ViaService is "s3.eu-west-1.amazonaws.com"' }]]);
    const onlyBoth = ask({
      open: true,
      key: allowKey({ AWS: ROOT }, { Condition: tenant }),
      identity: { ...allowIam, Condition: other },
    });
    expect(onlyBoth.residual).toHaveLength(2);
    expect(onlyBoth.alternatives).toBeUndefined();
    expect(ask({ open: true, key: [named({ Condition: both }), named({})] }).verdict).toBe('allowed');
  });

  it('knows which condition keys KMS never sends with an action', () => {
    expect(ask({ open: true, action: 'kms:DescribeKey', key: named({ Condition: tenant }) }).verdict).toBe('denied');
    const absent = { StringNotEquals: { 'kms:EncryptionContext:tenant': 'a' } };
    expect(ask({ open: true, action: 'kms:DescribeKey', key: named({ Condition: absent }) }).verdict).toBe('allowed');
  });

  it('decides conditions on what is known', () => {
    const condition = { StringEquals: { 'kms:KeySpec': 'RSA_2048' } };
    const given: Given = { open: true, context: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } };
    expect(ask({ ...given, key: named({ Condition: condition }) }).verdict).toBe('denied');
  });

  it('says that it cannot tell where a resource hinges on the request', () => {
    const identity = { ...allowIam, Resource: `arn:aws:kms:*:${ACCOUNT}:key/\${aws:PrincipalTag/key}` };
    const decision = ask({ open: true, key: allowKey({ AWS: ROOT }), identity });
    expect(decision.verdict).toBe('unknown');
    expect(decisionInWords(decision)).toContain('aws:PrincipalTag/key');
  });
});

describe('strings that are not known', () => {
  const attribute = (logicalId: string, resourceType = 'AWS::KMS::Key'): Value => {
    return { parts: [{ kind: 'attribute', stack: 'App', logicalId, attribute: 'Arn', resourceType }] };
  };
  const account: Value = { parts: [{ kind: 'pseudo', stack: 'App', name: 'AWS::AccountId' }] };
  const parameter: Value = { parts: [{ kind: 'parameter', stack: 'App', name: 'KeyArn' }] };
  const arnIn = (owner: Value, tail: string): Value => {
    const parts = typeof owner === 'string' ? [owner] : owner.parts;
    return { parts: ['arn:aws:kms:eu-west-1:', ...parts, tail] };
  };
  const verdict = (pattern: unknown, resource: Value) => {
    const json = { Version: '2012-10-17', Statement: [{ ...allowIam, Resource: pattern }] };
    const identityPolicies = [parsePolicy(json, { name: 'it', kind: 'identity' })];
    const request = { action: 'kms:Decrypt', caller: role, resource, resourceAccount: ACCOUNT, context: {} };
    return evaluate(request, { keyPolicy: policy('key', allowKey({ AWS: ROOT })), identityPolicies }).verdict;
  };

  it.each<[string, unknown, Value, string]>([
    ['the same attribute is the same string', attribute('Key'), attribute('Key'), 'allowed'],
    ['attributes of two resources differ', attribute('Key'), attribute('Other'), 'denied'],
    ['custom resources may answer alike', attribute('A', 'Custom::A'), attribute('B', 'Custom::A'), 'unknown'],
    ['a parameter may be anything', parameter, attribute('Key'), 'unknown'],
    ['a wildcard covers a known tail', 'arn:aws:kms:*:*:key/*', arnIn(account, ':key/1234'), 'allowed'],
    ['a known tail that differs decides', 'arn:aws:kms:*:*:key/1*', arnIn(account, ':key/2'), 'denied'],
    ['an open account may be the one named', `arn:aws:kms:*:${ACCOUNT}:key/1`, arnIn(account, ':key/1'), 'unknown'],
    ['an open account is twelve digits', 'arn:aws:kms:*:1234:key/1', arnIn(account, ':key/1'), 'denied'],
    [
      'a name that CloudFormation makes up is not one that people write',
      'arn:aws:kms:*:*:key/alias',
      {
        parts: [
          'arn:aws:kms:eu-west-1:1:key/',
          { kind: 'attribute', stack: 'App', logicalId: 'Key', attribute: 'Ref', resourceType: 'AWS::KMS::Key' },
        ],
      },
      'denied',
    ],
    ['the same account in both', arnIn(account, ':key/*'), arnIn(account, ':key/1'), 'allowed'],
    ['a wildcard does not reach over a colon', 'arn:aws:kms:*:key/1', arnIn(account, ':key/1'), 'denied'],
  ])('%s', (_title, pattern, resource, expected) => expect(verdict(pattern, resource)).toBe(expected));

  it('whether caller and key share an account decides, so an open account is unknown where it matters', () => {
    expect(ask({ resourceAccount: account, key: allowKey({ AWS: ROLE }) }).verdict).toBe('unknown');
    expect(ask({ resourceAccount: account, key: allowKey({ AWS: ROLE }), identity: allowIam }).verdict).toBe('allowed');
    expect(ask({ resourceAccount: account, key: allowKey({ AWS: USER }), identity: allowIam }).verdict).toBe('denied');
  });

  it('a policy that cannot be read makes unknown what hinges on it, and nothing else', () => {
    const unread = {
      name: 'PowerUser',
      kind: 'identity',
      version: undefined,
      statements: [],
      unreadable: ['elsewhere'],
    } as const;
    const request = { action: 'kms:Decrypt', caller: role, resource: KEY, resourceAccount: ACCOUNT, context: {} };
    const verdictOf = (statement: Json) => {
      return evaluate(request, { keyPolicy: policy('key', statement), identityPolicies: [unread] });
    };
    expect(verdictOf(allowKey({ AWS: ROOT }))).toMatchObject({
      verdict: 'unknown',
      reasons: [{ text: expect.stringContaining('PowerUser') }],
    });
    expect(verdictOf(allowKey({ AWS: USER })).verdict).toBe('denied');
    expect(verdictOf({ ...allowKey('*'), Effect: 'Deny' }).explicitDeny).toBe(true);
  });
});
