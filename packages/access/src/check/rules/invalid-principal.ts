import { inWords, partsOf } from '../../symbolic/text.ts';
import { allow, DELEGATION, key } from '../example.ts';
import type { Severity } from '../finding.ts';
import { type Named, namedIn } from '../named.ts';
import type { Rule } from '../rule.ts';
import { keyStatements } from '../statements.ts';

export const invalidPrincipal: Rule = {
  id: 'invalid-principal',
  severity: 'error',
  title: 'Principal that a key policy cannot name',
  why: 'KMS refuses a key policy whose principals do not exist. A wildcard inside an ARN, and a group, never are principals; an id such as AROA… is what is left of a deleted one, and a new one of the same name has another id.',
  trap: 'The whole "*" is a principal, and patterns are right in a condition on aws:PrincipalArn. Federated and CanonicalUser are accepted and have no effect with KMS: a note.',
  fix: 'Name roles, users and accounts by full ARN, or use "*" with ArnLike on aws:PrincipalArn and kms:CallerAccount.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  bad: { resources: { Key: key([DELEGATION, allow({ AWS: 'arn:aws:iam::111122223333:role/*' }, 'kms:Decrypt')]) } },
  good: {
    resources: {
      Key: key([
        DELEGATION,
        allow({ AWS: '*' }, 'kms:Decrypt', {
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' },
          StringEquals: { 'kms:CallerAccount': '111122223333' },
        }),
      ]),
    },
  },
  check: (assembly) =>
    keyStatements(assembly).flatMap((place) => {
      const { principals, notPrincipals } = place.statement;
      return [...namedIn(principals), ...namedIn(notPrincipals)].flatMap((named) => {
        const wrong = wrongWith(named);
        return wrong === undefined
          ? []
          : [{ ...place, severity: wrong[1], message: `principal ${inWords(named.value)}: ${wrong[0]}` }];
      });
    }),
};

function wrongWith({ type, value }: Named): readonly [string, Severity] | undefined {
  if (type === 'Federated' || type === 'CanonicalUser') return [`${type} has no effect in a key policy`, 'note'];
  const text = inWords(value);
  if (type === 'Service' || text === '*') return undefined;
  if (/^(AIDA|AROA|AGPA)[A-Z0-9]{12,}$/.test(text)) {
    return ['an id is left of a principal that was deleted; one of the same name does not regain the access', 'error'];
  }
  if (/:group\//.test(text)) return ['a group is no principal', 'error'];
  return partsOf(value).some((part) => typeof part === 'string' && /[*?]/.test(part))
    ? ['a wildcard inside an ARN never matches, and KMS refuses it', 'error']
    : undefined;
}
