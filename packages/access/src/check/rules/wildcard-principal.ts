import { limitsWho, linesOf } from '../conditions.ts';
import { allow, DELEGATION, key } from '../example.ts';
import { namesEveryone } from '../named.ts';
import type { Rule } from '../rule.ts';
import { allowsOfKeys } from '../statements.ts';

const VIA = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };

export const wildcardPrincipal: Rule = {
  id: 'wildcard-principal',
  severity: 'error',
  title: 'Key policy that lets everyone in',
  why: 'The principal "*" is every AWS principal of every account. In the account of the key it needs no IAM policy, in another account one that its owner writes.',
  trap: 'Conditions can hold everyone to somebody: kms:CallerAccount, aws:PrincipalOrgID, aws:PrincipalArn with a fixed account, aws:SourceAccount and the like, without IfExists. kms:ViaService alone does not: everybody can call through a service. Deny statements are meant for everyone.',
  fix: 'Name the principals, or add a condition on kms:CallerAccount or aws:PrincipalOrgID.',
  page: 'https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-5',
  bad: { resources: { Key: key([DELEGATION, allow({ AWS: '*' }, 'kms:Decrypt', { StringEquals: VIA })]) } },
  good: {
    resources: {
      Key: key([
        DELEGATION,
        allow({ AWS: '*' }, 'kms:Decrypt', {
          StringEquals: { ...VIA, 'kms:CallerAccount': { Ref: 'AWS::AccountId' } },
        }),
      ]),
    },
  },
  check: (assembly) =>
    allowsOfKeys(assembly)
      .filter(({ statement }) => namesEveryone(statement) && !limitsWho(statement))
      .map((place) => {
        const keys = linesOf(place.statement).map(({ condition }) => condition.key);
        const nothing = 'no condition holds that to somebody';
        const given = keys.length === 0 ? '' : ` (${[...new Set(keys)].join(', ')} does not)`;
        return { ...place, message: `the key policy lets every AWS principal in, and ${nothing}${given}` };
      }),
};
