import { allow, DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';
import { keyStatements } from '../statements.ts';

const ADMIN = 'arn:aws:iam::111122223333:role/KeyAdmin';

export const notPrincipal: Rule = {
  id: 'not-principal',
  severity: 'error',
  title: 'NotPrincipal in a key policy',
  why: 'Allow with NotPrincipal lets in everyone but a few, anonymous callers and other accounts included. Deny with NotPrincipal also hits those that it lists, unless it lists account, role and session of each.',
  trap: 'A Deny is a warning only: it can be right, and is hard to keep so.',
  fix: 'Name the principals; in a Deny, use Principal "*" with ArnNotLike on aws:PrincipalArn.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
  bad: {
    resources: {
      Key: key([DELEGATION, { Effect: 'Allow', NotPrincipal: { AWS: ADMIN }, Action: 'kms:Decrypt', Resource: '*' }]),
    },
  },
  good: { resources: { Key: key([DELEGATION, allow({ AWS: ADMIN }, 'kms:Decrypt')]) } },
  check: (assembly) =>
    keyStatements(assembly)
      .filter(({ statement }) => statement.notPrincipals !== undefined)
      .map((place) =>
        place.statement.effect === 'Allow'
          ? { ...place, message: 'Allow with NotPrincipal lets in everyone who is not listed, of any account' }
          : {
              ...place,
              severity: 'warning',
              message: 'Deny with NotPrincipal spares only those whose account, role and session are all listed',
            },
      ),
};
