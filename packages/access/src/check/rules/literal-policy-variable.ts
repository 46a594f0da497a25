import type { Statement } from '../../policy.ts';
import { partsOf } from '../../symbolic/text.ts';
import { allow, DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';
import { everyStatement } from '../statements.ts';

const TENANT = { StringEquals: { 'kms:EncryptionContext:tenant': `\${aws:PrincipalTag/tenant}` } };
const READER = { AWS: 'arn:aws:iam::111122223333:role/Reader' };
const withVersion = (Version: string) => {
  return key([], { KeyPolicy: { Version, Statement: [DELEGATION, allow(READER, 'kms:Decrypt', TENANT)] } });
};

export const literalPolicyVariable: Rule = {
  id: 'literal-policy-variable',
  severity: 'error',
  title: 'Policy variable in a policy that does not know variables',
  why: `Only a policy of Version 2012-10-17 has variables. In any other, \${aws:PrincipalTag/tenant} is just these characters, and no request has them.`,
  trap: 'What a template fills in, by Fn::Sub say, is filled in before the policy is read. A policy without Version has that of 2008.',
  fix: 'Set Version to "2012-10-17".',
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html',
  bad: { resources: { Key: withVersion('2008-10-17') } },
  good: { resources: { Key: withVersion('2012-10-17') } },
  check: (assembly) =>
    everyStatement(assembly)
      .filter(({ policy }) => policy.version !== '2012-10-17' && policy.unreadable === undefined)
      .flatMap((place) => {
        const variable = variableIn(place.statement);
        if (variable === undefined) return [];
        return [{ ...place, message: `${variable} is no variable: the Version of the policy is not 2012-10-17` }];
      }),
};

function variableIn({ conditions, resources }: Statement): string | undefined {
  const values = [...resources, ...conditions.flatMap((condition) => condition.values)];
  const texts = values.flatMap(partsOf).filter((part) => typeof part === 'string');
  return texts.map((text) => /\$\{(aws|kms|saml|[\w.-]+):[^}]*\}/.exec(text)?.[0]).find((found) => found !== undefined);
}
