import type { Caller } from '@cdk-keysmith/access';
import {
  ACCOUNT,
  allowIam,
  allowKey,
  ask,
  type Given,
  type Json,
  KEY,
  OTHER,
  ROLE,
  ROOT,
  role,
  rootUser,
  SESSION,
  USER,
  user,
} from './support/ask.ts';

const silent: Json = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

const federated = {
  type: 'federated-user',
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/Bob`,
  userArn: USER,
  account: ACCOUNT,
} as const;

describe('in the account of the key', () => {
  // What a key policy names, and whether that is enough when another layer is silent.
  const rows: [string, Caller, unknown, { iam: string; boundary: string; session: string }][] = [
    ['the role', role, { AWS: ROLE }, { iam: 'allowed', boundary: 'denied', session: 'denied' }],
    ['the session', role, { AWS: SESSION }, { iam: 'allowed', boundary: 'allowed', session: 'allowed' }],
    ['the user', user, { AWS: USER }, { iam: 'allowed', boundary: 'allowed', session: 'denied' }],
    [
      'the federated user',
      federated,
      { AWS: federated.arn },
      { iam: 'allowed', boundary: 'allowed', session: 'allowed' },
    ],
    [
      'the user who federated the caller',
      federated,
      { AWS: USER },
      { iam: 'allowed', boundary: 'allowed', session: 'denied' },
    ],
    ['everyone', role, '*', { iam: 'allowed', boundary: 'allowed', session: 'allowed' }],
    ['the account', role, { AWS: ROOT }, { iam: 'denied', boundary: 'denied', session: 'denied' }],
    ['the account by number', role, { AWS: ACCOUNT }, { iam: 'denied', boundary: 'denied', session: 'denied' }],
    [
      'the account, to its root user',
      rootUser,
      { AWS: ROOT },
      { iam: 'allowed', boundary: 'allowed', session: 'allowed' },
    ],
  ];

  it.each(rows)(
    'a key policy that names %s is limited by the layers that IAM documents',
    (_title, caller, principal, expected) => {
      const given: Given = { caller, key: allowKey(principal) };
      expect({
        iam: ask(given).verdict,
        boundary: ask({ ...given, identity: allowIam, boundary: silent }).verdict,
        session: ask({ ...given, identity: allowIam, session: silent }).verdict,
      }).toEqual(expected);
    },
  );

  it.each(rows)('a key policy that names %s allows when every layer does', (_title, caller, principal) => {
    const given: Given = {
      caller,
      key: allowKey(principal),
      identity: allowIam,
      boundary: allowIam,
      session: allowIam,
    };
    expect(ask(given)).toMatchObject({ verdict: 'allowed', explicitDeny: false });
  });

  it.each(['key', 'identity', 'boundary', 'session'] as const)('a Deny in the %s policy beats every Allow', (kind) => {
    const deny = { ...(kind === 'key' ? allowKey('*') : allowIam), Effect: 'Deny' };
    const allow = { key: [allowKey('*')], identity: [allowIam], boundary: [allowIam], session: [allowIam] };
    const decision = ask({ ...allow, [kind]: [...allow[kind], deny] });
    expect(decision).toMatchObject({ verdict: 'denied', explicitDeny: true });
    expect(decision.reasons[0]).toMatchObject({ code: 'explicit-deny', statement: { index: 2 } });
  });

  it('nothing is allowed that the key policy does not mention, whatever IAM says', () => {
    expect(ask({ key: allowKey({ AWS: USER }), identity: allowIam }).reasons[0]?.code).toBe('no-key-policy-allow');
  });

  it('a Deny of the account hits everybody in it', () => {
    const deny = { ...allowKey({ AWS: ROOT }), Effect: 'Deny' };
    expect(ask({ key: [allowKey('*'), deny] }).explicitDeny).toBe(true);
  });

  it('a request about a key whose policy is not known is not decided', () => {
    expect(ask({ identity: allowIam }).verdict).toBe('unknown');
  });
});

describe('across accounts', () => {
  const foreign: Caller = {
    type: 'role-session',
    arn: `arn:aws:sts::${OTHER}:assumed-role/Reader/run`,
    roleArn: `arn:aws:iam::${OTHER}:role/Reader`,
    account: OTHER,
    name: 'Reader',
  };

  it.each([{ AWS: OTHER }, { AWS: `arn:aws:iam::${OTHER}:role/Reader` }, '*'])('%j needs IAM as well', (principal) => {
    const given: Given = { caller: foreign, key: allowKey(principal) };
    expect(ask(given).verdict).toBe('denied');
    expect(ask({ ...given, identity: allowIam }).verdict).toBe('allowed');
    expect(ask({ ...given, identity: allowIam, boundary: silent }).verdict).toBe('denied');
  });

  it('an operation that KMS keeps within the account is denied, and the reason says so', () => {
    const given: Given = { caller: foreign, key: allowKey('*'), identity: allowIam };
    expect(ask({ ...given, action: 'kms:PutKeyPolicy' }).reasons[0]?.code).toBe('operation-not-cross-account');
    expect(ask({ ...given, action: 'kms:ReEncryptTo' }).verdict).toBe('allowed');
  });
});

describe('principals', () => {
  it.each<[string, unknown, string]>([
    ['a wildcard inside an ARN', { AWS: `arn:aws:iam::${ACCOUNT}:role/*` }, 'denied'],
    ['another role', { AWS: `${ROLE}2` }, 'denied'],
    ['the role in other letters', { AWS: ROLE.replace('Writer', 'writer') }, 'denied'],
    ['another session', { AWS: `${SESSION}2` }, 'denied'],
    ['the id of a deleted role', { AWS: 'AROAEXAMPLEEXAMPLEEX' }, 'denied'],
    ['a service', { Service: 'sns.amazonaws.com' }, 'denied'],
    ['one of several', { AWS: [USER, ROLE] }, 'allowed'],
  ])('%s: %j', (_title, principal, verdict) => expect(ask({ key: allowKey(principal) }).verdict).toBe(verdict));

  it('a Deny with NotPrincipal spares whom it lists in full, hits others, and is undecided in between', () => {
    const deny = (listed: string[]): Json => {
      return { Effect: 'Deny', NotPrincipal: { AWS: listed }, Action: 'kms:*', Resource: '*' };
    };
    const verdict = (listed: string[]) => ask({ key: [allowKey('*'), deny(listed)] }).verdict;
    expect(verdict([SESSION, ROLE, ROOT])).toBe('allowed');
    expect(verdict([USER])).toBe('denied');
    expect(verdict([ROLE])).toBe('unknown');
  });

  it('a service is let in by name, and only by name', () => {
    const caller: Caller = { type: 'service', service: 'sns.amazonaws.com' };
    expect(ask({ caller, key: allowKey({ Service: 'sns.amazonaws.com' }) }).verdict).toBe('allowed');
    expect(ask({ caller, key: allowKey({ Service: 'sqs.amazonaws.com' }) }).verdict).toBe('denied');
    expect(ask({ caller, key: allowKey({ AWS: ROOT }) }).verdict).toBe('denied');
    // No document says whether "*" stands for services too.
    expect(ask({ caller, key: allowKey('*') }).verdict).toBe('unknown');
  });
});

describe('operations without a key', () => {
  it('are decided by IAM alone', () => {
    const given: Given = { action: 'kms:ListKeys', resource: '*' };
    expect(ask({ ...given, key: allowKey('*') }).verdict).toBe('denied');
    expect(ask({ ...given, identity: allowIam }).verdict).toBe('allowed');
    expect(ask({ ...given, caller: rootUser }).verdict).toBe('allowed');
    expect(ask({ ...given, identity: { ...allowIam, Resource: KEY } }).verdict).toBe('denied');
  });

  it('an alias needs a policy on the alias, and its ARN never stands for the key', () => {
    const alias = `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/orders`;
    const onAlias = { Effect: 'Allow', Action: 'kms:*', Resource: alias };
    expect(ask({ action: 'kms:CreateAlias', resource: alias, identity: onAlias }).verdict).toBe('allowed');
    expect(ask({ key: allowKey({ AWS: ROOT }), identity: onAlias }).verdict).toBe('denied');
  });

  it('RetireGrant is left to the grant, but a Deny is not', () => {
    const given: Given = { action: 'kms:RetireGrant', key: allowKey('*'), identity: allowIam };
    expect(ask(given)).toMatchObject({ verdict: 'unknown', reasons: [{ code: 'decided-by-grant' }] });
    expect(ask({ ...given, identity: [allowIam, { ...allowIam, Effect: 'Deny' }] }).explicitDeny).toBe(true);
    // "The kms:RetireGrant permission is not effective in a key policy", says the KMS Developer Guide.
    expect(ask({ ...given, key: [allowKey('*'), { ...allowKey('*'), Effect: 'Deny' }] }).verdict).toBe('unknown');
  });
});

describe('actions and resources', () => {
  const grants = (statement: Json) =>
    ask({ key: allowKey({ AWS: ROOT }), identity: { Effect: 'Allow', ...statement } }).verdict;

  it.each<[Json, string]>([
    [{ Action: 'KMS:decrypt', Resource: '*' }, 'allowed'],
    [{ Action: 'kms:De*', Resource: '*' }, 'allowed'],
    [{ Action: 'kms:?ecrypt', Resource: '*' }, 'allowed'],
    [{ Action: '*', Resource: '*' }, 'allowed'],
    [{ Action: ['kms:Encrypt', 'kms:Decryptor'], Resource: '*' }, 'denied'],
    [{ NotAction: 'kms:Encrypt', Resource: '*' }, 'allowed'],
    [{ NotAction: 'kms:D*', Resource: '*' }, 'denied'],
    [{ Action: [], Resource: '*' }, 'denied'],
    [{ Action: 'kms:*', Resource: KEY }, 'allowed'],
    [{ Action: 'kms:*', Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` }, 'allowed'],
    [{ Action: 'kms:*', Resource: 'arn:aws:kms' }, 'allowed'],
    [{ Action: 'kms:*', Resource: `arn:aws:kms:*:key/*` }, 'denied'],
    [{ Action: 'kms:*', Resource: `arn:aws:kms:eu-west-1:${OTHER}:key/*` }, 'denied'],
    [{ Action: 'kms:*', NotResource: `arn:aws:kms:*:*:key/0987*` }, 'allowed'],
    [{ Action: 'kms:*', NotResource: '*' }, 'denied'],
  ])('%j: %s', (statement, verdict) => expect(grants(statement)).toBe(verdict));

  it('a key policy statement without Action or Resource does nothing, and one about another key neither', () => {
    for (const hole of [{ Action: undefined }, { Resource: undefined }, { Resource: KEY.replace('1234', '9999') }]) {
      expect(ask({ key: JSON.parse(JSON.stringify(allowKey('*', hole))) }).verdict).toBe('denied');
    }
  });

  // Tried in every way to match, these would take longer than the universe has existed: that it ends is the test.
  it('no pattern is tried in every way', () => {
    const Resource = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${'*a'.repeat(2000)}`;
    const asked = { key: allowKey({ AWS: ROOT }), identity: { Effect: 'Allow', Action: 'kms:*', Resource } };
    const read = jest.spyOn(String.prototype, 'indexOf');
    try {
      expect(ask({ ...asked, resource: `${KEY}${'a'.repeat(3000)}b` }).verdict).toBe('denied');
      // Each piece between two wildcards is looked for once.
      expect(read.mock.calls.length).toBeLessThan(2 * 2000 + 500);
    } finally {
      read.mockRestore();
    }
    expect(ask({ ...asked, resource: `${KEY}${'a'.repeat(3000)}` }).verdict).toBe('allowed');
  });
});

describe('names that every object has', () => {
  // Parsed, since a literal would set the prototype.
  const parsed = (json: string) => JSON.parse(json) as Json;

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', (name) => {
    const tenant = parsed(`{ "StringEquals": { "kms:EncryptionContext:${name}": "a" } }`);
    const strange = parsed(`{ "${name}": { "kms:ViaService": "a" } }`);
    const key = (Condition: Json) => allowKey({ AWS: ROLE }, { Condition });
    const context = { [`kms:EncryptionContext:${name}`]: 'a' };
    expect(ask({ key: key(tenant), context }).verdict).toBe('allowed');
    expect(ask({ key: key(tenant) }).verdict).toBe('denied');
    expect(ask({ key: key(parsed(`{ "Null": { "${name}": "true" } }`)) }).verdict).toBe('allowed');
    const decision = ask({ key: key(strange) });
    expect(decision.verdict).toBe('denied');
    expect(decision.reasons.at(-1)?.text).toContain(`${name} (no operator of IAM) holds for kms:ViaService`);
    expect(
      ask({ key: allowKey({ AWS: ROLE }), context: parsed(`{ "${name}": "a" }`) as Record<string, string> }).verdict,
    ).toBe('allowed');
  });
});
