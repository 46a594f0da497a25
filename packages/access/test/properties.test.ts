import type { Grant, ResidualCondition, Verdict } from '@cdk-keysmith/access';
import * as fc from 'fast-check';
import {
  ACCOUNT,
  ask,
  type Given,
  holds,
  type Json,
  KEY,
  OTHER,
  ROLE,
  ROOT,
  role,
  SESSION,
  USER,
  user,
} from './support/ask.ts';

const action = fc.constantFrom('kms:*', 'kms:Decrypt', 'kms:De*', 'kms:Encrypt', '*');
const resource = fc.constantFrom('*', KEY, `arn:aws:kms:*:${ACCOUNT}:key/*`, `${KEY}9`);
const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: ROOT },
  { AWS: ROLE },
  { AWS: SESSION },
  { AWS: USER },
  { AWS: OTHER },
);
const line = fc.constantFrom<Json>(
  { StringEquals: { 'kms:EncryptionContext:tenant': 'a' } },
  { StringNotLike: { 'kms:EncryptionContext:tenant': 'a*' } },
  { Null: { 'kms:ViaService': 'true' } },
  { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant'] } },
);
const condition = fc.oneof(fc.constant<Json>({}), line);
const effect = fc.constantFrom('Allow', 'Allow', 'Deny');
const iamStatement = fc.record({ Effect: effect, Action: action, Resource: resource, Condition: condition });
const keyStatement = fc.record({
  Effect: effect,
  Principal: principal,
  Action: action,
  Resource: resource,
  Condition: condition,
});
const statements = { key: fc.array(keyStatement, { maxLength: 4 }), iam: fc.array(iamStatement, { maxLength: 4 }) };
const grant: fc.Arbitrary<Grant> = fc.record({
  name: fc.constant('a grant'),
  granteePrincipal: fc.constantFrom(ROLE, SESSION, USER, ROOT),
  operations: fc.constantFrom(['Decrypt'], ['Encrypt'], ['Encrypt', 'Decrypt']),
  constraints: fc.constantFrom(
    {},
    { encryptionContextSubset: { tenant: 'a' } },
    { encryptionContextEquals: { tenant: 'a' } },
  ),
  needsToken: fc.boolean(),
  tokens: fc.constant(['token']),
});

type Lists = { key: Json[]; identity: Json[]; grants: Grant[] };

const given: fc.Arbitrary<Given & Lists> = fc.record(
  {
    caller: fc.constantFrom(role, user),
    resourceAccount: fc.constantFrom(ACCOUNT, OTHER),
    context: fc.constantFrom<Record<string, string>>(
      {},
      { 'kms:EncryptionContext:tenant': 'a' },
      { 'kms:EncryptionContext:tenant': 'b' },
    ),
    open: fc.boolean(),
    grantTokens: fc.constantFrom([], ['token']),
    key: statements.key,
    identity: statements.iam,
    grants: fc.array(grant, { maxLength: 2 }),
    boundary: statements.iam,
    session: statements.iam,
    serviceControl: statements.iam,
    resourceControl: statements.key,
    endpoint: statements.key,
  },
  { requiredKeys: ['caller', 'resourceAccount', 'context', 'open', 'key', 'identity', 'grants'] },
);

/** From what lets through most to what lets through least. */
const ORDER: readonly Verdict[] = ['allowed', 'allowed-if', 'unknown', 'denied'];

/** Where a statement can be added to. */
const place = fc.constantFrom(
  'key',
  'identity',
  'boundary',
  'session',
  'serviceControl',
  'resourceControl',
  'endpoint',
);
const OF_KEY: readonly string[] = ['key', 'resourceControl', 'endpoint'];

/** The question with one more statement in a layer that is there. */
function withStatement(before: Given, where: (typeof OF_KEY)[number], statement: Json): Given {
  const list = before[where as keyof Given] as Json[] | undefined;
  const { Principal, ...withoutPrincipal } = statement;
  return list === undefined
    ? before
    : { ...before, [where]: [...list, OF_KEY.includes(where) ? { Principal, ...withoutPrincipal } : withoutPrincipal] };
}

describe('whatever the policies', () => {
  it('a further Deny never allows more', () => {
    fc.assert(
      fc.property(given, place, keyStatement, (before, where, statement) => {
        const after = withStatement(before, where, { ...statement, Effect: 'Deny' });
        expect(ORDER.indexOf(ask(after).verdict)).toBeGreaterThanOrEqual(ORDER.indexOf(ask(before).verdict));
      }),
      { numRuns: 250 },
    );
  });

  it('a further Allow, or a further grant, never denies more', () => {
    fc.assert(
      fc.property(given, place, keyStatement, grant, (before, where, statement, more) => {
        const { verdict } = ask(before);
        const afters = [
          withStatement(before, where, { ...statement, Effect: 'Allow' }),
          { ...before, grants: [...before.grants, more] },
        ];
        for (const after of afters.map((one) => ask(one).verdict)) {
          if (verdict === 'allowed') expect(after).toBe('allowed');
          if (verdict !== 'denied') expect(after).not.toBe('denied');
        }
      }),
      { numRuns: 250 },
    );
  });

  it('an Allow under a further condition never allows more', () => {
    fc.assert(
      fc.property(given, place, keyStatement, line, (before, where, statement, more) => {
        const allow = { ...statement, Effect: 'Allow', Condition: {} };
        const wide = ask({ ...withStatement(before, where, allow), open: false });
        const narrow = ask({ ...withStatement(before, where, { ...allow, Condition: more }), open: false });
        expect(ORDER.indexOf(narrow.verdict)).toBeGreaterThanOrEqual(ORDER.indexOf(wide.verdict));
      }),
      { numRuns: 250 },
    );
  });

  it('the order of statements and grants never matters', () => {
    fc.assert(
      fc.property(given, (one) => {
        const turned = {
          ...one,
          key: [...one.key].reverse(),
          identity: [...one.identity].reverse(),
          grants: [...one.grants].reverse(),
        };
        const [a, b] = [ask(one), ask(turned)];
        expect([b.verdict, b.explicitDeny]).toEqual([a.verdict, a.explicitDeny]);
        const texts = (list: readonly { text: string }[]) => list.map(({ text }) => text).sort();
        expect(texts(b.residual).length).toBe(texts(a.residual).length);
      }),
      { numRuns: 150 },
    );
  });

  it('the same question has the same answer', () => {
    fc.assert(
      fc.property(given, (one) => expect(ask(one)).toEqual(ask(one))),
      { numRuns: 100 },
    );
  });

  it('an open question that is decided is decided so for every request', () => {
    const context = fc.dictionary(
      fc.constantFrom('kms:EncryptionContext:tenant', 'kms:ViaService'),
      fc.constantFrom('a', 'b', 'ab'),
    );
    fc.assert(
      fc.property(given, context, (one, sent) => {
        const open = ask({ ...one, context: {}, open: true });
        const closed = ask({ ...one, context: sent, open: false });
        if (open.verdict === 'allowed' || open.verdict === 'denied') expect(closed.verdict).toBe(open.verdict);
      }),
      { numRuns: 250 },
    );
  });

  it('a request is allowed exactly under the conditions that the open question names', () => {
    const context = fc.dictionary(
      fc.constantFrom('kms:EncryptionContext:tenant', 'kms:EncryptionContextKeys', 'kms:ViaService'),
      fc.constantFrom('a', 'b', 'ab', 'tenant'),
    );
    fc.assert(
      fc.property(given, context, (one, sent) => {
        const open = ask({ ...one, context: {}, open: true });
        if (open.verdict !== 'allowed-if') return;
        const ways = [open.residual, ...(open.alternatives ?? [])];
        const expected = ways.some((way) => way.every((residual) => residual.negated !== met(residual, sent)));
        expect(ask({ ...one, context: sent, open: false }).verdict).toBe(expected ? 'allowed' : 'denied');
      }),
      { numRuns: 250 },
    );
  });
});

function met({ conditions }: ResidualCondition, context: Record<string, string>): boolean {
  return conditions.every(
    ({ operator, key, values }) => holds({ [operator]: { [key]: values } }, context) === 'allowed',
  );
}
