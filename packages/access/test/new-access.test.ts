import { givesNewAccess, type Policy, parsePolicy, type Value } from '@cdk-keysmith/access';
import { ACCOUNT, allowIam, allowKey, type Json, KEY, policy, ROLE, ROOT, role, USER } from './support/ask.ts';

const TENANT = 'kms:EncryptionContext:tenant';
const iam = (...statements: Json[]) => policy('identity', statements);
const key = (...statements: Json[]) => policy('key', statements);
const when = (Condition: Json) => ({ ...allowIam, Condition });

/** The verdict on one condition after another. */
const narrowed = (before: Json, after: Json) => givesNewAccess(iam(when(before)), iam(when(after))).verdict;

describe('new access', () => {
  it('is what a statement gives that none gave before, in words', () => {
    const before = key(allowKey({ AWS: ROLE }, { Action: 'kms:Encrypt' }));
    const after = key(allowKey({ AWS: ROLE }, { Action: ['kms:Encrypt', 'kms:Decrypt'] }));
    const { verdict, access } = givesNewAccess(before, after);
    expect(verdict).toBe('yes');
    expect(access).toMatchObject([
      {
        actions: ['kms:Decrypt'],
        principals: [ROLE],
        certain: true,
        text: `statement 1 of the key policy allows kms:Decrypt on * to ${ROLE}`,
      },
    ]);
    expect(givesNewAccess(after, before)).toEqual({ verdict: 'no', access: [], reasons: [] });
  });

  it.each<[string, Policy, Policy, 'yes' | 'no' | 'unknown']>([
    ['the same', iam(allowIam), iam(allowIam), 'no'],
    ['nothing before', iam(), iam(allowIam), 'yes'],
    ['nothing after', iam(allowIam), iam(), 'no'],
    ['a Deny dropped', iam(allowIam, { ...allowIam, Effect: 'Deny', Action: 'kms:Decrypt' }), iam(allowIam), 'yes'],
    ['a Deny added', iam(allowIam), iam(allowIam, { ...allowIam, Effect: 'Deny', Action: 'kms:Decrypt' }), 'no'],
    [
      'a Deny that hits nothing dropped',
      iam(allowIam, { ...allowIam, Effect: 'Deny', Action: 's3:*' }),
      iam(allowIam),
      'no',
    ],
    [
      'two statements for one',
      iam({ ...allowIam, Action: 'kms:D*' }, { ...allowIam, Action: 'kms:E*' }),
      iam({ ...allowIam, Action: ['kms:Decrypt', 'kms:Encrypt'] }),
      'no',
    ],
    [
      'an action that KMS does not have',
      iam({ ...allowIam, Action: 'kms:Encrypt' }),
      iam({ ...allowIam, Action: 'kms:Encrypt*' }),
      'no',
    ],
    [
      'an alias, which is no key',
      iam(),
      iam({ ...allowIam, Action: 'kms:Decrypt', Resource: 'arn:aws:kms:*:*:alias/*' }),
      'no',
    ],
    [
      'a condition that KMS never meets',
      iam(),
      iam({ ...when({ StringEquals: { [TENANT]: 'a' } }), Action: 'kms:DescribeKey' }),
      'no',
    ],
    ['a statement without Resource', key(), key({ Effect: 'Allow', Principal: '*', Action: 'kms:*' }), 'no'],
    ['a role for its account', key(allowKey({ AWS: ROOT })), key(allowKey({ AWS: ROLE })), 'yes'],
    ['an account for a role', key(allowKey({ AWS: ROLE })), key(allowKey({ AWS: ROOT })), 'yes'],
    ['a role for everyone', key(allowKey('*')), key(allowKey({ AWS: ROLE })), 'no'],
    [
      'a role for everyone with its ARN',
      key(allowKey('*', { Condition: { ArnLike: { 'aws:PrincipalArn': ROLE } } })),
      key(allowKey({ AWS: ROLE })),
      'no',
    ],
    [
      'a role for everyone with another ARN',
      key(allowKey('*', { Condition: { ArnLike: { 'aws:PrincipalArn': USER } } })),
      key(allowKey({ AWS: ROLE })),
      'yes',
    ],
    ['everyone in other writing', key(allowKey({ AWS: '*' })), key(allowKey('*')), 'no'],
    [
      'a service for everyone of AWS',
      key(allowKey({ AWS: '*' })),
      key(allowKey({ Service: 'sns.amazonaws.com' })),
      'unknown',
    ],
    [
      'a service',
      key(allowKey({ AWS: ROLE })),
      key(allowKey({ AWS: ROLE }), allowKey({ Service: 'sns.amazonaws.com' })),
      'yes',
    ],
    [
      'a Deny of the account',
      key(),
      key(allowKey({ AWS: ROLE }), { ...allowKey({ AWS: ROOT }), Effect: 'Deny' }),
      'no',
    ],
    [
      'a session for its role',
      key(allowKey({ AWS: ROLE })),
      key(allowKey({ AWS: role.type === 'role-session' ? role.arn : '' })),
      'unknown',
    ],
    [
      'an exception that hits others',
      key(),
      key(allowKey({ AWS: ROLE }), { Effect: 'Deny', NotPrincipal: { AWS: USER }, Action: '*', Resource: '*' }),
      'no',
    ],
    [
      'an exception that lists a part',
      key(),
      key(allowKey({ AWS: ROLE }), { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: '*', Resource: '*' }),
      'unknown',
    ],
  ])('%s', (_title, before, after, verdict) => {
    const result = givesNewAccess(before, after);
    expect(result.verdict).toBe(verdict);
    if (verdict === 'unknown') expect(result.reasons).not.toEqual([]);
  });

  it.each<[Json, Json, string]>([
    [{}, { StringEquals: { [TENANT]: 'a' } }, 'no'],
    [{ StringEquals: { [TENANT]: 'a' } }, {}, 'yes'],
    [{ StringEquals: { [TENANT]: ['a', 'b'] } }, { StringEquals: { [TENANT]: 'b' } }, 'no'],
    [{ StringEquals: { [TENANT]: 'b' } }, { StringEquals: { [TENANT]: ['a', 'b'] } }, 'yes'],
    [{ StringLike: { [TENANT]: 'a*' } }, { StringEquals: { [TENANT]: 'abc' } }, 'no'],
    [{ StringLike: { [TENANT]: 'a*' } }, { StringLike: { [TENANT]: 'a?c*' } }, 'no'],
    [{ StringLike: { [TENANT]: 'a?c*' } }, { StringLike: { [TENANT]: 'a*' } }, 'yes'],
    [{ StringEqualsIgnoreCase: { [TENANT]: 'ABC' } }, { StringEquals: { [TENANT]: 'aBc' } }, 'no'],
    [{ StringEquals: { [TENANT]: 'aBc' } }, { StringEqualsIgnoreCase: { [TENANT]: 'ABC' } }, 'yes'],
    [{ Null: { [TENANT]: 'false' } }, { StringEquals: { [TENANT]: 'a' } }, 'no'],
    [{ StringEquals: { 'KMS:encryptioncontext:TENANT': 'a' } }, { StringEquals: { [TENANT]: 'a' } }, 'no'],
    [{ StringEquals: { 'kms:ViaService': 'a' } }, { StringEqualsIfExists: { 'kms:ViaService': 'a' } }, 'yes'],
    [{ StringNotEquals: { 'kms:ViaService': 'a' } }, { Null: { 'kms:ViaService': 'true' } }, 'no'],
    [{ StringNotEquals: { 'kms:ViaService': 'a' } }, { StringEquals: { 'kms:ViaService': 'b' } }, 'no'],
    // One alias that the Deny does not list is enough.
    [
      { 'ForAllValues:StringEquals': { 'kms:ResourceAliases': 'a' } },
      { 'ForAllValues:StringLike': { 'kms:ResourceAliases': 'a*' } },
      'yes',
    ],
    // Of an encryption context there may be one name in two spellings, with two values.
    [{ StringNotEquals: { [TENANT]: 'a' } }, { StringEquals: { [TENANT]: 'b' } }, 'unknown'],
    [
      { NumericLessThanEquals: { 'kms:RotationPeriodInDays': '365' } },
      { NumericLessThan: { 'kms:RotationPeriodInDays': '100' } },
      'no',
    ],
    [
      { NumericLessThan: { 'kms:RotationPeriodInDays': '366' } },
      { NumericLessThanEquals: { 'kms:RotationPeriodInDays': '365' } },
      'no',
    ],
    [
      { NumericLessThan: { 'kms:RotationPeriodInDays': '100' } },
      { NumericLessThanEquals: { 'kms:RotationPeriodInDays': '100' } },
      'yes',
    ],
    [
      { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01' } },
      { DateGreaterThan: { 'aws:CurrentTime': '2026-02-01T00:00:00Z' } },
      'no',
    ],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { Bool: { 'aws:SecureTransport': ['true', 'false'] } }, 'yes'],
    [{ IpAddress: { 'aws:SourceIp': '203.0.112.0/23' } }, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'no'],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { IpAddress: { 'aws:SourceIp': '203.0.112.0/23' } }, 'yes'],
    [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { IpAddress: { 'aws:SourceIp': '2001:db8:1::/48' } }, 'no'],
    [
      { NotIpAddress: { 'aws:SourceIp': '2001:db8:1::/48' } },
      { NotIpAddress: { 'aws:SourceIp': '2001:db8::/32' } },
      'no',
    ],
    [
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } },
      'no',
    ],
    [
      { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/a' } },
      { 'ForAllValues:StringEquals': { 'kms:ResourceAliases': 'alias/a' } },
      'yes',
    ],
    [
      { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/a' } },
      { StringEquals: { 'kms:ResourceAliases': 'alias/a' } },
      'no',
    ],
    [
      { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${ACCOUNT}:*` } },
      { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:eu-west-1:${ACCOUNT}:t` } },
      'no',
    ],
    [
      { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${ACCOUNT}:*` } },
      { StringLike: { 'aws:SourceArn': 'arn:aws:sns:*' } },
      'yes',
    ],
    [{ StringEquals: { [TENANT]: `\${aws:username}` } }, { StringEquals: { [TENANT]: `\${aws:username}` } }, 'no'],
    [
      { StringEquals: { [TENANT]: `\${aws:username}` } },
      { StringEquals: { [TENANT]: `\${aws:PrincipalTag/team}` } },
      'unknown',
    ],
    [{ StringLike: { [TENANT]: `a\${*}` } }, { StringEquals: { [TENANT]: 'a*' } }, 'no'],
    [{ StringMatches: { [TENANT]: 'a' } }, { StringEquals: { [TENANT]: 'a' } }, 'yes'],
    [
      { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
      { StringEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } },
      'unknown',
    ],
  ])('%j, then %j: %s', (before, after, verdict) => expect(narrowed(before, after)).toBe(verdict));

  it('can be asked of one resource and of some actions', () => {
    const [before, after] = [iam(), iam({ ...allowIam, Action: ['kms:Decrypt', 's3:GetObject'], Resource: KEY })];
    expect(givesNewAccess(before, after, { actions: ['s3:*'] }).access).toMatchObject([{ actions: ['s3:GetObject'] }]);
    expect(givesNewAccess(before, after, { actions: ['kms:*'], resource: KEY }).access).toMatchObject([
      { actions: ['kms:Decrypt'] },
    ]);
    expect(givesNewAccess(before, after, { actions: ['kms:*'], resource: `${KEY}2` }).verdict).toBe('no');
    expect(givesNewAccess(before, after, { actions: ['ec2:*'] }).verdict).toBe('no');
  });

  it('can be asked of statements', () => {
    expect(givesNewAccess(iam(allowIam).statements, iam(allowIam).statements).verdict).toBe('no');
    expect(givesNewAccess([], key(allowKey('*')).statements).access[0]?.principals).toEqual(['everyone']);
  });

  it('is not claimed to be known where a policy cannot be read', () => {
    const unread = { ...iam(allowIam), unreadable: ['elsewhere'] };
    expect(givesNewAccess(unread, iam(allowIam))).toMatchObject({
      verdict: 'unknown',
      reasons: ['the identity policy: elsewhere'],
    });
  });
});

describe('new access in templates', () => {
  const onlyIf = [{ stack: 'App', name: 'Prod', is: true }];
  const sometimes = (policy: Policy, is = true): Policy => {
    return {
      ...policy,
      statements: policy.statements.map((one) => ({ ...one, onlyIf: onlyIf.map((when) => ({ ...when, is })) })),
    };
  };

  it.each<[string, Policy, Policy, string]>([
    ['that were there under the same condition', sometimes(iam(allowIam)), sometimes(iam(allowIam)), 'no'],
    ['that were always there', iam(allowIam), sometimes(iam(allowIam)), 'no'],
    ['that were there under a condition only', sometimes(iam(allowIam)), iam(allowIam), 'unknown'],
    ['that were there in the other case', sometimes(iam(allowIam)), sometimes(iam(allowIam), false), 'unknown'],
    ['that were not there', iam(), sometimes(iam(allowIam)), 'unknown'],
  ])('statements %s', (_title, before, after, verdict) => expect(givesNewAccess(before, after).verdict).toBe(verdict));

  it('a Deny that is there under a condition only may leave something', () => {
    const deny = sometimes(iam({ ...allowIam, Effect: 'Deny' })).statements;
    const after = { ...iam(allowIam), statements: [...iam(allowIam).statements, ...deny] };
    expect(givesNewAccess(iam(), after).verdict).toBe('unknown');
    expect(givesNewAccess(after, after).verdict).toBe('no');
    expect(givesNewAccess(after, iam(allowIam)).verdict).toBe('unknown');
  });

  const attribute = (logicalId: string): Value => {
    return { parts: [{ kind: 'attribute', stack: 'App', logicalId, attribute: 'Arn', resourceType: 'AWS::KMS::Key' }] };
  };
  const parameter: Value = { parts: [{ kind: 'parameter', stack: 'App', name: 'KeyArn' }] };
  const on = (Resource: unknown) => {
    return parsePolicy(
      { Version: '2012-10-17', Statement: { ...allowIam, Resource } },
      { name: 'it', kind: 'identity' },
    );
  };

  it.each<[string, unknown, unknown, string]>([
    ['the same key', attribute('Key'), attribute('Key'), 'no'],
    ['another key', attribute('Key'), attribute('Other'), 'yes'],
    ['one more key', [attribute('Key')], [attribute('Key'), attribute('Other')], 'yes'],
    ['every key for one', attribute('Key'), '*', 'yes'],
    ['one key for every', '*', attribute('Key'), 'no'],
    ['a parameter, which may be that key', attribute('Key'), parameter, 'unknown'],
    ['a key that may be the one of the parameter', parameter, attribute('Key'), 'unknown'],
    ['no key at all', attribute('Key'), 'arn:aws:s3:::bucket', 'no'],
  ])('%s', (_title, before, after, verdict) => expect(givesNewAccess(on(before), on(after)).verdict).toBe(verdict));
});
