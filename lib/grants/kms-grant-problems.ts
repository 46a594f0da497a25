import { Token } from 'aws-cdk-lib';
import type { DeclaredKey } from '../keys/declared-keys';
import { carriesContext } from '../policy/kms-actions';
import { problems } from '../private/rules';
import { GrantOperation, grantOperationsFor } from './grant-operation';
import type { KmsGrantProps } from './kms-grant-props';

/**
 * Limits of a grant.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
const LIMITS = { name: 256, pairs: 8, value: 384 } as const;

/** Everything that is wrong with a grant; tokens are passed over, not guessed. */
export function kmsGrantProblems(props: KmsGrantProps, key: DeclaredKey): string[] {
  return [
    ...operationProblems(props, key),
    ...props.grantee._problems('grantee'),
    ...(props.retiringPrincipal?._problems('retiringPrincipal') ?? []),
    ...serviceProblems(props),
    ...contextProblems(props, key),
    ...nameProblems(props.grantName),
    ...problems([
      {
        when: props.sourceArn !== undefined && !Token.isUnresolved(props.sourceArn) && !/^arn:/.test(props.sourceArn),
        message: `sourceArn ${JSON.stringify(props.sourceArn)}: it is the ARN of the resource that the service acts for, "arn:…"`,
      },
      {
        when: key.aliasName !== undefined,
        message: `key is imported by its alias ${key.aliasName}, and a grant is on a key; import it by ARN or fromLookup`,
      },
    ]),
  ];
}

function operationProblems({ operations }: KmsGrantProps, { kind }: DeclaredKey): string[] {
  const legal = grantOperationsFor(kind);
  const unsuited = operations.filter((operation) => !legal.includes(operation));
  return problems([
    {
      when: operations.length === 0,
      message: `operations: none is given, so the grant would do nothing; this key has ${legal.join(', ')}`,
    },
    {
      when: unsuited.length > 0,
      message: `operations ${unsuited.join(', ')}: a ${kind.symmetric ? 'symmetric' : 'asymmetric'} key with usage ${kind.usage} has no such operation; it has ${legal.join(', ')}`,
    },
  ]);
}

function serviceProblems({ grantee, sourceArn, retiringPrincipal }: KmsGrantProps): string[] {
  const service = grantee._service;
  return problems([
    {
      when: service !== undefined && sourceArn === undefined,
      message: `grantee ${service} is an AWS service, which acts for everybody; give sourceArn, the resource that it may act for`,
    },
    {
      when: service !== undefined && retiringPrincipal === undefined,
      message: `grantee ${service} is an AWS service, and KMS wants somebody who can retire its grant; give retiringPrincipal`,
    },
  ]);
}

function contextProblems(props: KmsGrantProps, { kind }: DeclaredKey): string[] {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, operations } = props;
  const given = Object.entries({ encryptionContextEquals: equals, encryptionContextSubset: subset }).filter(
    ([, context]) => context !== undefined,
  );
  const symmetricEncryption = kind.symmetric && kind.usage === 'ENCRYPT_DECRYPT';
  const bound = operations.filter((one) => one !== GrantOperation.RETIRE_GRANT && carriesContext(`kms:${one}`));
  return [
    ...problems([
      {
        when: given.length > 1,
        message:
          'encryptionContextEquals and encryptionContextSubset: KMS takes one of them; the first allows no other names in the context, the second does',
      },
      {
        when: given.length > 0 && !symmetricEncryption,
        message: `${given[0]?.[0]}: only symmetric encryption keys take an encryption context; leave it out`,
      },
      {
        when: given.length > 0 && symmetricEncryption && operations.length > 0 && bound.length === 0,
        message: `${given[0]?.[0]}: none of ${operations.join(', ')} carries an encryption context, so it would bind nothing; leave it out`,
      },
    ]),
    ...given.flatMap(([prop, context = {}]) => pairProblems(prop, Object.entries(context))),
  ];
}

function pairProblems(prop: string, pairs: readonly (readonly [string, string])[]): string[] {
  return [
    ...problems([
      {
        when: pairs.length === 0 || pairs.length > LIMITS.pairs,
        message: `${prop} of ${pairs.length} pairs: 1 to ${LIMITS.pairs} are allowed`,
      },
    ]),
    ...pairs.flatMap(([name, value]) =>
      problems([
        {
          when: Token.isUnresolved(name),
          message: `${prop}: the name ${name} is a token; names must be known at synthesis`,
        },
        { when: name === '', message: `${prop}: a name is empty; leave it out or name it` },
        {
          // The grant would be made without this constraint.
          when: name === '__proto__',
          message: `${prop}: the name ${JSON.stringify(name)} would be lost on its way into the template, where JavaScript keeps it for itself; choose another one`,
        },
        {
          when: !Token.isUnresolved(value) && (value === '' || value.length > LIMITS.value),
          message: `${prop}.${name}: a value of ${value.length} characters; 1 to ${LIMITS.value} are allowed`,
        },
      ]),
    ),
  ];
}

function nameProblems(name: string | undefined): string[] {
  if (name === undefined || Token.isUnresolved(name)) {
    return [];
  }
  return problems([
    {
      when: name.length < 1 || name.length > LIMITS.name,
      message: `grantName of ${name.length} characters: 1 to ${LIMITS.name} are allowed`,
    },
    {
      when: name !== '' && !/^[a-zA-Z0-9:/_-]+$/.test(name),
      message: `grantName ${JSON.stringify(name.slice(0, 40))}: letters, digits, ":", "/", "_" and "-" are allowed`,
    },
  ]);
}
