import { Token } from 'aws-cdk-lib';
import { problems } from '../private/rules';
import { type AccessConditions, asksForContext } from './access-conditions';
import { aliasConditionProblems } from './alias-conditions';
import type { KeyKind } from './key-uses';
import { carriesContext, carriesContextInPart } from './kms-actions';

/** What is wrong with the conditions of a permission for these actions, on a key of this kind. */
export function conditionProblems(
  where: string,
  conditions: AccessConditions,
  actions: readonly string[],
  kind: KeyKind,
): string[] {
  return [
    ...aliasConditionProblems(where, conditions, actions),
    ...emptyListProblems(where, conditions),
    ...identityProblems(where, conditions),
    ...(asksForContext(conditions) ? contextProblems(where, conditions, actions, kind) : []),
  ];
}

/** A list without members reads as "nothing is allowed", and a policy cannot say that with it: it would allow everything. */
function emptyListProblems(where: string, conditions: AccessConditions): string[] {
  const { viaServices, callerAccounts, vpcEndpoints } = conditions;
  return problems(
    Object.entries({ viaServices, callerAccounts, vpcEndpoints }).map(([name, list]) => ({
      when: list?.length === 0,
      message: `${where}: ${name} has at least one member when it is given; leave it out if it is not meant`,
    })),
  );
}

function identityProblems(where: string, { organizationId, callerAccounts = [] }: AccessConditions): string[] {
  return problems([
    {
      when:
        organizationId !== undefined &&
        !Token.isUnresolved(organizationId) &&
        !/^o-[a-z0-9]{10,32}$/.test(organizationId),
      message: `${where}: organizationId ${JSON.stringify(organizationId)}: it is "o-" and 10 to 32 lower case letters or digits`,
    },
    ...callerAccounts.map((account) => ({
      when: !Token.isUnresolved(account) && !/^\d{12}$/.test(account),
      message: `${where}: callerAccounts ${JSON.stringify(account)}: an account id has 12 digits`,
    })),
  ]);
}

function contextProblems(
  where: string,
  { encryptionContext = {}, requiredContext = [] }: AccessConditions,
  actions: readonly string[],
  { symmetric, usage }: KeyKind,
): string[] {
  if (!symmetric || usage !== 'ENCRYPT_DECRYPT') {
    return [
      `${where}: only symmetric encryption keys take an encryption context, so this would never match; leave encryptionContext and requiredContext out`,
    ];
  }
  const mixed = actions.filter(carriesContextInPart);
  const names = new Set([...Object.keys(encryptionContext), ...requiredContext]);
  const alike = [...names].filter((name) =>
    [...names].some((other) => other < name && other.toLowerCase() === name.toLowerCase()),
  );
  return problems([
    {
      when: mixed.length > 0,
      message: `${where}: ${mixed.join(', ')} with encryptionContext or requiredContext: some of these actions carry no encryption context, so one condition does not suit them all; name the actions one by one`,
    },
    {
      when: mixed.length === 0 && actions.length > 0 && !actions.some(carriesContext),
      message: `${where}: encryptionContext and requiredContext with ${actions.join(', ')}: none of these requests carries an encryption context, so it would count for nothing; leave them out`,
    },
    {
      when: names.has(''),
      message: `${where}: a name of the encryption context is empty; leave it out or name it`,
    },
    ...Object.entries(encryptionContext).map(([name, value]) => ({
      when: typeof value !== 'string',
      message: `${where}: encryptionContext.${name} is ${JSON.stringify(value) ?? 'undefined'}: an encryption context has texts only; write it as one, or leave it out`,
    })),
    {
      when: alike.length > 0,
      message: `${where}: the encryption context has ${alike.map((name) => JSON.stringify(name)).join(', ')} twice but for upper and lower case, which IAM does not tell apart; keep one of them`,
    },
  ]);
}
