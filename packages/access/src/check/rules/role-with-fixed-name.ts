import type { Assembly } from '../../model.ts';
import { equalValues } from '../../symbolic/match.ts';
import { isSymbolic } from '../../symbolic/text.ts';
import { allow, DELEGATION, key, role } from '../example.ts';
import { namedIn } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';
import { allowsOfKeys } from '../statements.ts';

const READER = { AWS: { 'Fn::GetAtt': ['Reader', 'Arn'] } };

export const roleWithFixedName: Rule = {
  id: 'role-with-fixed-name',
  severity: 'note',
  title: 'Key policy that names a role or user of a fixed name',
  why: 'KMS stores the id of the principal, not its name. When a role of a fixed name is deleted and made again, its ARN in the template stays the same, so CloudFormation does not write the key policy again, and the new role has no access.',
  trap: 'A role whose name CloudFormation makes gets another ARN when it is replaced, and the key policy is written again. Delegation to the account names no role.',
  fix: 'Leave the name to CloudFormation, or delegate to the account and give the access in an IAM policy.',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids',
  bad: {
    resources: {
      Key: key([DELEGATION, allow(READER, 'kms:Decrypt')]),
      Reader: role([], { RoleName: 'orders-reader' }),
    },
  },
  good: { resources: { Key: key([DELEGATION, allow(READER, 'kms:Decrypt')]), Reader: role() } },
  check: (assembly) =>
    allowsOfKeys(assembly).flatMap((place) =>
      namedIn(place.statement.principals).flatMap(({ value }): readonly Violation[] => {
        const principal = fixedPrincipals(assembly).find(({ arn }) => equalValues(arn, value) === 'yes');
        if (principal === undefined) return [];
        const what = `${principal.type} ${principal.constructPath} has the fixed name ${String(principal.name)}`;
        return [{ ...place, message: `${what}: made again, it silently loses its access to the key` }];
      }),
    ),
};

function fixedPrincipals({ principals }: Assembly): Assembly['principals'] {
  return principals.filter(({ name }) => !isSymbolic(name));
}
