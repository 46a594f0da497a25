import { isPresent, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import type { Rule } from '../rule.ts';
import { concernsKms, everyStatement } from '../statements.ts';

const CONTEXT = { 'kms:EncryptionContext:stage': 'test' };

/** Every request of a principal carries them. */
const ALWAYS_SENT = new Set(['kms:calleraccount', 'aws:principalarn', 'aws:principalaccount', 'aws:userid']);

export const negatedConditionOnAllow: Rule = {
  id: 'negated-condition-on-allow',
  severity: 'note',
  title: 'Negated condition in an Allow, which also holds for requests without the key',
  why: 'StringNotEquals and its like are true where the request does not carry the key: a caller passes by leaving it out.',
  trap: 'Null with "false", or a positive condition on the same key, closes the gap. Keys of the principal that every request carries are left alone.',
  fix: 'Add Null with "false" on the same key, or say what is allowed instead of what is not.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
  bad: {
    resources: {
      Key: key([DELEGATION]),
      Reader: role([may('kms:Decrypt', undefined, { StringNotEquals: CONTEXT })]),
    },
  },
  good: {
    resources: {
      Key: key([DELEGATION]),
      Reader: role([
        may('kms:Decrypt', undefined, {
          StringNotEquals: CONTEXT,
          Null: { 'kms:EncryptionContext:stage': 'false' },
        }),
      ]),
    },
  },
  check: (assembly) =>
    everyStatement(assembly).flatMap((place) => {
      const { statement } = place;
      if (statement.effect !== 'Allow' || !concernsKms(place)) return [];
      return linesOf(statement)
        .filter(({ operator, key: name }) => operator?.negated === true && !ALWAYS_SENT.has(name))
        .filter(({ key: name }) => !isPresent(statement, name))
        .map(({ condition: { operator, key: name } }) => {
          return { ...place, message: `${operator} on ${name} also holds for requests without ${name}` };
        });
    }),
};
