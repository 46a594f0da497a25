import { inWords, partsOf } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import type { Rule } from '../rule.ts';
import { concernsKms, everyStatement } from '../statements.ts';

const tenant = (operator: string) => ({ [operator]: { 'kms:EncryptionContext:tenant': 'eu-*' } });

/** The variable that is a plain `*`. */
const STAR = `\${*}`;

export const wildcardInStringEquals: Rule = {
  id: 'wildcard-in-string-equals',
  severity: 'warning',
  title: 'Wildcard where it is a plain character',
  why: 'StringEquals knows no wildcards: a value with * matches only a request that has a *. An Allow then allows nothing, a Deny denies nothing.',
  trap: 'ArnEquals does know wildcards, as ArnLike does. A ? is often meant as it stands, and is left alone.',
  fix: 'Use StringLike or StringNotLike.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
  bad: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt', undefined, tenant('StringEquals'))]) } },
  good: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt', undefined, tenant('StringLike'))]) } },
  check: (assembly) =>
    everyStatement(assembly).flatMap((place) =>
      linesOf(place.statement)
        .filter(({ name, key: on }) => /^String(Not)?Equals/.test(name) && /^(kms|aws):/.test(on))
        .flatMap(({ condition: { operator, values } }) => {
          const value = values.find(hasWildcard);
          if (value === undefined || !concernsKms(place)) return [];
          return [{ ...place, message: `${operator} takes the * of "${inWords(value)}" as a plain character` }];
        }),
    ),
};

/** What deployment will put in is not known to have one. */
function hasWildcard(value: Value): boolean {
  return partsOf(value).some((part) => typeof part === 'string' && part.replaceAll(STAR, '').includes('*'));
}
