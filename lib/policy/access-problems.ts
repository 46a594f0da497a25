import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { problems } from '../private/rules';
import { policyConditions } from './access-conditions';
import { conditionProblems } from './condition-problems';
import type { KeyAccess } from './key-access';
import { actionsOf, KEY_USES, type KeyKind, type KeyUse } from './key-uses';
import { conditionClashes, groupedByConditions } from './principal-conditions';

/** What is wrong with an entry of an access list, for a key of this kind. */
export function accessProblems(scope: IConstruct, access: KeyAccess, kind: KeyKind): string[] {
  const { _use: use, _principals: principals, _conditions: conditions } = access;
  const where = `access, ${use}`;
  return [
    ...useProblems(where, use, kind),
    ...conditionProblems(where, conditions, actionsOf(use, kind), kind),
    ...problems([
      {
        when: principals.length === 0,
        message: `${where}: no principal is named, so it would do nothing; name one or leave it out`,
      },
      {
        when: conditions.resourceAliases !== undefined,
        message: `${where}: resourceAliases counts in IAM policies only, so in the key policy it would never match; give the permission with a grant, or use requestAlias`,
      },
    ]),
    ...groupedByConditions(principals.filter((principal) => !isGroup(principal))).flatMap((group) =>
      conditionClashes(group.conditions, policyConditions(scope, conditions, true)).map(
        (clash) => `${where}: ${clash}: a statement takes one of them, so the other would be lost; say it in one place`,
      ),
    ),
    ...principals
      .filter(isGroup)
      .map(
        () =>
          `${where}: an IAM group cannot be a principal of a key policy; name a role or user, or give the group an IAM policy`,
      ),
  ];
}

/** Why a use does not suit a key. */
export function useProblems(where: string, use: KeyUse, kind: KeyKind): string[] {
  const { usages } = KEY_USES[use];
  return problems([
    {
      when: !usages.includes(kind.usage),
      message: `${where}: a key with usage ${kind.usage} has no such operation, so it would do nothing; it suits ${usages.join(', ')}`,
    },
    {
      when: use === 'importMaterial' && !kind.imported,
      message: `${where}: only a key with origin EXTERNAL takes material, so it would do nothing; make the key with KeyOrigin.EXTERNAL`,
    },
    {
      when: use === 'generateDataKeys' && usages.includes(kind.usage) && !kind.symmetric,
      message: `${where}: only symmetric encryption keys make data keys; use an EncryptionKey`,
    },
    {
      when: use === 'getPublicKey' && usages.includes(kind.usage) && kind.symmetric,
      message: `${where}: a symmetric key has no public key, so it would do nothing; leave it out`,
    },
  ]);
}

/** A group looks like a principal to aws-cdk-lib, and is none to KMS. */
export function isGroup(principal: iam.IPrincipal): boolean {
  return 'groupArn' in principal;
}
