import { isPresent, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import type { Rule } from '../rule.ts';
import { concernsKms, everyStatement } from '../statements.ts';

const VIA = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };

/** Every request of a principal carries them. */
const ALWAYS_SENT = new Set(['kms:calleraccount', 'aws:principalarn', 'aws:principalaccount']);

export const ifExistsOnAllow: Rule = {
  id: 'if-exists-on-allow',
  severity: 'warning',
  title: 'IfExists in an Allow, which also holds for requests without the key',
  why: 'With IfExists a condition holds where the request does not carry the key at all: what calls KMS directly has no kms:ViaService, and passes.',
  trap: 'In a Deny, IfExists is what stops requests without the key. Keys that every request carries, such as kms:CallerAccount, are left alone, and so is a key that another condition of the statement asks for.',
  fix: 'Use the operator without IfExists.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists',
  bad: {
    resources: {
      Key: key([DELEGATION]),
      Writer: role([may('kms:Decrypt', undefined, { StringEqualsIfExists: VIA })]),
    },
  },
  good: {
    resources: { Key: key([DELEGATION]), Writer: role([may('kms:Decrypt', undefined, { StringEquals: VIA })]) },
  },
  check: (assembly) =>
    everyStatement(assembly).flatMap((place) => {
      const { statement } = place;
      if (statement.effect !== 'Allow' || !concernsKms(place)) return [];
      return linesOf(statement)
        .filter(({ ifExists, key: name }) => ifExists && !ALWAYS_SENT.has(name) && !isPresent(statement, name))
        .map(({ condition: { operator, key: name } }) => {
          return { ...place, message: `${operator} on ${name} also holds for requests without ${name}` };
        });
    }),
};
