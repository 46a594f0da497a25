import type { ResidualCondition } from '@cdk-keysmith/access';
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
const condition = fc.constantFrom<Json>(
  {},
  { StringEquals: { 'kms:EncryptionContext:tenant': 'a' } },
  { StringNotLike: { 'kms:EncryptionContext:tenant': 'a*' } },
  { Null: { 'kms:ViaService': 'true' } },
  { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant'] } },
);
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

const given: fc.Arbitrary<Given & { key: Json[]; identity: Json[] }> = fc.record(
  {
    caller: fc.constantFrom(role, user),
    resourceAccount: fc.constantFrom(ACCOUNT, OTHER),
    context: fc.constantFrom<Record<string, string>>(
      {},
      { 'kms:EncryptionContext:tenant': 'a' },
      { 'kms:EncryptionContext:tenant': 'b' },
    ),
    open: fc.boolean(),
    key: statements.key,
    identity: statements.iam,
    boundary: statements.iam,
    session: statements.iam,
  },
  { requiredKeys: ['caller', 'resourceAccount', 'context', 'open', 'key', 'identity'] },
);

/** From what lets through most to what lets through least. */
const ORDER = ['allowed', 'allowed-if', 'unknown', 'denied'];

describe('whatever the policies', () => {
  it('a further Deny never allows more', () => {
    fc.assert(
      fc.property(given, keyStatement, iamStatement, fc.boolean(), (before, key, identity, inKeyPolicy) => {
        const after = inKeyPolicy
          ? { ...before, key: [...before.key, { ...key, Effect: 'Deny' }] }
          : { ...before, identity: [...before.identity, { ...identity, Effect: 'Deny' }] };
        expect(ORDER.indexOf(ask(after).verdict)).toBeGreaterThanOrEqual(ORDER.indexOf(ask(before).verdict));
      }),
      { numRuns: 300 },
    );
  });

  it('the order of statements never matters', () => {
    fc.assert(
      fc.property(given, (one) => {
        const turned = { ...one, key: [...one.key].reverse(), identity: [...one.identity].reverse() };
        const [a, b] = [ask(one), ask(turned)];
        expect([b.verdict, b.explicitDeny]).toEqual([a.verdict, a.explicitDeny]);
        const texts = (list: readonly { text: string }[]) => list.map(({ text }) => text).sort();
        expect(texts(b.residual).length).toBe(texts(a.residual).length);
      }),
      { numRuns: 300 },
    );
  });

  it('an open question that is decided is decided so for every request', () => {
    fc.assert(
      fc.property(
        given,
        fc.dictionary(
          fc.constantFrom('kms:EncryptionContext:tenant', 'kms:ViaService'),
          fc.constantFrom('a', 'b', 'ab'),
        ),
        (one, context) => {
          const open = ask({ ...one, context: {}, open: true });
          const closed = ask({ ...one, context, open: false });
          if (open.verdict === 'allowed' || open.verdict === 'denied') expect(closed.verdict).toBe(open.verdict);
        },
      ),
      { numRuns: 300 },
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
      { numRuns: 500 },
    );
  });
});

function met({ conditions }: ResidualCondition, context: Record<string, string>): boolean {
  return conditions.every(
    ({ operator, key, values }) => holds({ [operator]: { [key]: values } }, context) === 'allowed',
  );
}
