import type { Statement } from '../../policy.ts';
import { splitArn } from '../../symbolic/arn.ts';
import type { Value } from '../../value.ts';
import { coveredActions } from '../actions.ts';
import { isFixed, isPositive, linesOf } from '../conditions.ts';
import { DELEGATION, key, may, role } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule } from '../rule.ts';
import { identityStatements } from '../statements.ts';

export const decryptOnAllKeys: Rule = {
  id: 'decrypt-on-all-keys',
  severity: 'warning',
  title: 'IAM policy that allows to decrypt under all keys',
  why: 'Every key that delegates to the account, of today and of tomorrow, can be used. Security Hub (KMS.1, KMS.2) and AWS Config ask for named keys.',
  trap: 'Conditions on aliases, tags, the service that calls, the encryption context, or the account or organization of the key limit what is decrypted, and are accepted; Security Hub looks at the Resource alone. The CDK itself writes "*" where a principal of one environment is granted the use of a key of another. Policies that AWS manages are not looked at.',
  fix: 'Name the ARNs of the keys, or add a condition on kms:ResourceAliases or aws:ResourceTag.',
  page: 'https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1',
  bad: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt', '*')]) } },
  good: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt')]) } },
  check: (assembly) =>
    identityStatements(assembly).flatMap((place) => {
      const { statement } = place;
      if (statement.effect !== 'Allow' || !statement.resources.some(isEveryKey) || limitsKeys(statement)) return [];
      const actions = coveredActions(statement).filter((action) => DECRYPTING.includes(action));
      return actions.length === 0 ? [] : [{ ...place, message: `${listed(actions)} is allowed under all keys` }];
    }),
};

const DECRYPTING = ['kms:Decrypt', 'kms:ReEncryptFrom'];

function isEveryKey(resource: Value): boolean {
  if (resource === '*') return true;
  const [, , service, region, account, name] = splitArn(resource) ?? [];
  if (service !== 'kms' && service !== '*') return false;
  return typeof region === 'string' && !isFixed(region) && account !== undefined && (name === 'key/*' || name === '*');
}

const LIMITING =
  /^(kms:(resourcealiases|requestalias|viaservice|encryptioncontext:.*)|aws:resource(tag\/.*|account|org.*))$/;

function limitsKeys(statement: Statement): boolean {
  return linesOf(statement).some((line) => {
    const counts = isPositive(line) || line.set === 'ForAnyValue';
    return LIMITING.test(line.key) && counts && line.condition.values.every(isFixed);
  });
}
