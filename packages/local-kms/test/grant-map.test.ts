import { evaluate, type Grant, parsePolicy } from '@cdk-keysmith/access';
import * as fc from 'fast-check';
import { GrantMap } from '../src/state/grant-map.ts';
import type { GrantTerms, KeyGrant } from '../src/state/grant-terms.ts';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/test`;
const GRANTEES = [ROLE, SESSION, `arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:role/other`];

/** Few names and values, so that some fit. Names differ by case alone too. */
const context = fc
  .dictionary(fc.constantFrom('a', 'A', 'b', 'c'), fc.constantFrom('1', '2', '3'), { maxKeys: 3 })
  .map((pairs) => new Map(Object.entries(pairs)));
const terms: fc.Arbitrary<GrantTerms> = fc.record(
  {
    granteePrincipal: fc.constantFrom(...GRANTEES),
    operations: fc.subarray(['Decrypt', 'Encrypt', 'DescribeKey'], { minLength: 1 }),
    encryptionContextSubset: context,
  },
  { requiredKeys: ['granteePrincipal', 'operations'] },
);
const exact = terms.map(({ encryptionContextSubset: equals, ...others }): GrantTerms => {
  return { ...others, ...(equals && { encryptionContextEquals: equals }) };
});
const FITS_NOBODY: GrantTerms = {
  granteePrincipal: ROLE,
  operations: ['Decrypt'],
  encryptionContextEquals: new Map([['tenant', 'z']]),
};

function held(said: GrantTerms, at: number): KeyGrant {
  const { granteePrincipal, operations, encryptionContextEquals: equals, encryptionContextSubset: subset } = said;
  const grant: Grant = {
    id: String(at),
    name: `grant ${at}`,
    ...(granteePrincipal !== undefined && { granteePrincipal }),
    operations,
    constraints: {
      ...(equals && { encryptionContextEquals: Object.fromEntries(equals) }),
      ...(subset && { encryptionContextSubset: Object.fromEntries(subset) }),
    },
  };
  const about = { id: String(at), name: undefined, label: String(at), createdAt: new Date(0), issuingAccount: ACCOUNT };
  return { ...about, terms: said, grant };
}

/** With so many to the role beside them that not all are asked. */
function mapOf(all: readonly GrantTerms[]): GrantMap {
  const grants = new GrantMap();
  const many = [...Array.from({ length: 120 }, () => FITS_NOBODY), ...all];
  for (const [at, said] of many.entries()) grants.set(String(at), held(said, at));
  return grants;
}

const keyPolicy = parsePolicy({ Version: '2012-10-17', Statement: [] }, { name: 'key policy', kind: 'key' });

function decided(grants: readonly Grant[], sent: ReadonlyMap<string, string>) {
  const pairs = Array.from(sent, ([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return evaluate(
    {
      action: 'kms:Decrypt',
      caller: { type: 'role-session', arn: SESSION, roleArn: ROLE, account: ACCOUNT, name: 'reader' },
      resource: KEY,
      resourceAccount: ACCOUNT,
      context: { ...Object.fromEntries(pairs), 'kms:EncryptionContextKeys': [...sent.keys()] },
    },
    { keyPolicy, identityPolicies: [], grants },
  );
}

describe('of many grants', () => {
  test('those that are left out would not have changed the decision', () => {
    const seen = { allowed: 0, denied: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.array(fc.oneof(terms, exact), { maxLength: 8 }), context, (all, sent) => {
        const grants = mapOf(all);
        const chosen = grants.for([SESSION, ROLE], ACCOUNT, sent);
        expect(chosen.length).toBeLessThan(30);
        const every = [...grants.values()].map(({ grant }) => grant);
        const { verdict, reasons } = decided(every, sent);
        const found = decided(chosen, sent);
        expect(found.verdict).toBe(verdict);
        if (verdict === 'allowed') expect(found.reasons).toEqual(reasons);
        seen[verdict as keyof typeof seen] += 1;
      }),
      { seed: 20_261_128, numRuns: 120 },
    );
    expect(seen.allowed).toBeGreaterThan(20);
    expect(seen.denied).toBeGreaterThan(20);
    expect(seen.unknown).toBeGreaterThan(2);
  });

  test('a denial still has examples, and the list is the same until a grant is made or gone', () => {
    const grants = mapOf([]);
    const sent = new Map([['tenant', 'a']]);
    const chosen = grants.for([SESSION, ROLE], ACCOUNT, sent);
    expect(chosen).toHaveLength(10);
    expect(decided(chosen, sent).reasons.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^grant 0 would allow kms:Decrypt, but requires/),
    );
    expect(grants.for([SESSION, ROLE], ACCOUNT, new Map(sent))).toBe(chosen);
    grants.set('new', held({ ...FITS_NOBODY, encryptionContextEquals: sent }, 1000));
    const after = grants.for([SESSION, ROLE], ACCOUNT, sent);
    expect(after).toHaveLength(11);
    expect(decided(after, sent).verdict).toBe('allowed');
    grants.delete('new');
    expect(decided(grants.for([SESSION, ROLE], ACCOUNT, sent), sent).verdict).toBe('denied');
  });

  test('all are asked, in one list for all contexts, where many of them fit any', () => {
    const { encryptionContextEquals: _, ...fitsAll } = FITS_NOBODY;
    const grants = mapOf(Array.from({ length: 101 }, () => fitsAll));
    const list = grants.for([ROLE], ACCOUNT, new Map([['tenant', 'a']]));
    expect(list).toHaveLength(221);
    expect(grants.for([ROLE], ACCOUNT, new Map([['tenant', 'b']]))).toBe(list);
  });

  test('all are asked where the action has no encryption context', () => {
    expect(mapOf([]).for([ROLE], ACCOUNT)).toHaveLength(120);
  });
});
