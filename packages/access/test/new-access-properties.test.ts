import { type Caller, evaluate, givesNewAccess, type KmsRequest, type Policy } from '@cdk-keysmith/access';
import * as fc from 'fast-check';
import { ACCOUNT, type Json, KEY, OTHER, policy, ROLE, role, USER, user } from './support/ask.ts';
import { runs } from './support/runs.ts';

const key = (...statements: Json[]) => policy('key', statements);

describe('new access, whatever the policies', () => {
  const exact = fc.tuple(
    fc.constantFrom('StringEquals', 'StringNotEquals', 'StringEqualsIfExists'),
    fc.constantFrom<unknown>('a', 'b', ['a', 'b']),
  );
  const wild = fc.tuple(
    fc.constantFrom('StringLike', 'StringNotLike'),
    fc.constantFrom<unknown>('a', 'a*', '*', ['a?', 'b']),
  );
  const comparison = fc.oneof(exact, wild);
  const line = fc.oneof(
    comparison.map(([operator, value]) => ({ [operator]: { 'kms:ViaService': value } })),
    fc.tuple(fc.constantFrom('ForAllValues', 'ForAnyValue'), comparison).map(([set, [operator, value]]) => {
      return { [`${set}:${operator}`]: { 'kms:ResourceAliases': value } };
    }),
    fc.constantFrom('true', 'false').map((value) => ({ Null: { 'kms:ViaService': value } })),
    fc
      .tuple(
        fc.constantFrom('NumericLessThan', 'NumericGreaterThanEquals', 'NumericNotEquals'),
        fc.constantFrom('7', '8'),
      )
      .map(([operator, value]) => ({ [operator]: { 'kms:RotationPeriodInDays': value } })),
  );
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Principal: fc.constantFrom<unknown>('*', { AWS: ROLE }, { AWS: USER }),
    Action: fc.constantFrom<unknown>(
      'kms:*',
      'kms:EnableKeyRotation',
      ['kms:Decrypt', 'kms:EnableKeyRotation'],
      'kms:En*',
    ),
    Resource: fc.constantFrom<unknown>('*', KEY, `arn:aws:kms:*:${ACCOUNT}:key/*`),
    Condition: fc.oneof(fc.constant({}), line),
  });
  const text = fc.array(statement, { maxLength: 3 }).map((statements) => key(...statements));

  const other: Caller = { type: 'user', arn: `${USER}2`, account: ACCOUNT };
  const asked = [role, user, other].flatMap((caller) =>
    ['kms:Decrypt', 'kms:EnableKeyRotation', 'kms:Encrypt', 'kms:Sign'].flatMap((action) =>
      [KEY, `${KEY}9`, KEY.replace(ACCOUNT, OTHER)].map((resource) => ({ action, caller, resource })),
    ),
  );

  // One of each kind that the conditions above can tell apart: "abc" is in a* and not in a?.
  const TEXTS = ['a', 'b', 'ab', 'abc', 'z'];
  const WORLD: readonly (readonly [string, readonly (string | readonly string[])[]])[] = [
    ['kms:ViaService', TEXTS],
    ['kms:ResourceAliases', subsetsOf(TEXTS)],
    ['kms:RotationPeriodInDays', ['6', '7', '8', '9']],
  ];

  function subsetsOf(texts: readonly string[]): readonly (readonly string[])[] {
    const [first, ...others] = texts;
    if (first === undefined) return [];
    const without = subsetsOf(others);
    return [[first], ...without, ...without.map((set) => [first, ...set])];
  }

  /** Every request that may differ from the others: condition keys that no policy asks for say nothing. */
  function requestsFor(...policies: Policy[]): readonly KmsRequest[] {
    const conditions = policies.flatMap(({ statements }) => statements).flatMap((one) => one.conditions);
    let contexts: readonly KmsRequest['context'][] = [{}];
    for (const [key, values] of WORLD) {
      if (!conditions.some((one) => one.key === key)) continue;
      const present = contexts.flatMap((context) => values.map((value) => ({ ...context, [key]: value })));
      contexts = [...contexts, ...present];
    }
    const carriesDays = (action: string) => action === 'kms:EnableKeyRotation';
    return asked.flatMap((one) =>
      contexts
        .filter((context) => carriesDays(one.action) || !('kms:RotationPeriodInDays' in context))
        .map((context) => ({ ...one, resourceAccount: ACCOUNT, context })),
    );
  }

  const allows = (keyPolicy: Policy) => (request: KmsRequest) =>
    evaluate(request, { keyPolicy, identityPolicies: [] }).verdict === 'allowed';

  it('"no" and "yes" are what every request of a small world says', () => {
    const seen = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { verdict } = givesNewAccess(before, after);
        seen[verdict] += 1;
        if (verdict === 'unknown') return;
        const [was, is] = [allows(before), allows(after)];
        expect(requestsFor(before, after).some((request) => is(request) && !was(request))).toBe(verdict === 'yes');
      }),
      runs(40),
    );
    // Both answers were given, and most were not "unknown".
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(0);
    expect(seen.yes + seen.no).toBeGreaterThan(seen.unknown);
  });

  it('nothing is new in what a policy, or a part of it, already gave', () => {
    fc.assert(
      fc.property(text, (policy) => {
        expect(givesNewAccess(policy, policy).verdict).not.toBe('yes');
        const fewer = {
          ...policy,
          statements: policy.statements.filter(({ effect }, index) => effect === 'Deny' || index > 0),
        };
        expect(givesNewAccess(policy, fewer).verdict).not.toBe('yes');
      }),
      runs(50),
    );
  });
});
