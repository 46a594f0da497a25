import * as fc from 'fast-check';

/** An app of one key and a few principals, with policies that nobody would write, and what is then asked of it. */
export interface Case {
  readonly keyStatements: readonly Json[];
  readonly principals: readonly GeneratedPrincipal[];
  readonly requests: readonly Request[];
}

export interface GeneratedPrincipal {
  readonly type: 'Role' | 'User';
  readonly statements: readonly Json[];
  /** Undefined: no permissions boundary. */
  readonly boundary: readonly Json[] | undefined;
}

export interface Request {
  /** Index into {@link Case.principals}. */
  readonly principal: number;
  readonly operation: Operation;
  readonly context: Readonly<Record<string, string>>;
}

export const OPERATIONS = [
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncrypt',
  'EnableKey',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The IAM actions that an operation needs, all of them. */
export function actionsOf(operation: Operation): readonly string[] {
  return operation === 'ReEncrypt' ? ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] : [`kms:${operation}`];
}

export type Json = Readonly<Record<string, unknown>>;

export const PRINCIPALS = ['First', 'Second', 'Third'] as const;
export const ACCOUNT = '111122223333';

const action = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...OPERATIONS.flatMap(actionsOf)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'kms:*',
      'kms:GenerateDataKey*',
      'KMS:e*',
      'kms:*crypt',
      'kms:ReEncrypt*',
      '*',
      's3:GetObject',
    ),
  },
);
const actions = fc.oneof(
  fc.array(action, { minLength: 1, maxLength: 3 }).map((Action) => ({ Action })),
  fc.array(action, { minLength: 1, maxLength: 2 }).map((NotAction) => ({ NotAction })),
);

const keyArn = { 'Fn::GetAtt': ['Key', 'Arn'] };
const resource = fc.constantFrom<Json>(
  { Resource: '*' },
  { Resource: keyArn },
  { Resource: keyArn },
  { Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` },
  { Resource: 'arn:aws:kms:eu-west-1:444455556666:key/*' },
  { NotResource: keyArn },
  { NotResource: 'arn:aws:s3:::*' },
);

const name = fc.constantFrom('tenant', 'service', 'Tenant');
const value = fc.constantFrom('a', 'b', 'orders', '');
const someValue = fc.constantFrom('a', 'b', 'orders');
const pattern = fc.constantFrom('a', 'a*', '*', 'o?ders', 'b');
const line = fc.oneof(
  fc.tuple(fc.constantFrom('StringEquals', 'StringNotEquals', 'StringEqualsIfExists'), name, value),
  fc.tuple(fc.constantFrom('StringLike', 'StringNotLike'), name, pattern),
  fc.tuple(fc.constant('Null'), name, fc.constantFrom('true', 'false')),
);
const contextCondition = line.map(([operator, key, wanted]) => ({
  [operator]: { [`kms:EncryptionContext:${key}`]: wanted },
}));
const otherCondition = fc.constantFrom<Json>(
  { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'service'] } },
  { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'tenant' } },
  { StringEquals: { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' } },
  { StringEquals: { 'kms:CallerAccount': ACCOUNT } },
  { StringEquals: { 'kms:KeySpec': 'RSA_2048' } },
  { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/first' } },
  { Null: { 'kms:ViaService': 'true' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
);
const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Json>({}) },
  { weight: 3, arbitrary: contextCondition.map((Condition): Json => ({ Condition })) },
  {
    weight: 1,
    arbitrary: fc.tuple(contextCondition, otherCondition).map(([a, b]): Json => ({ Condition: { ...a, ...b } })),
  },
  { weight: 1, arbitrary: otherCondition.map((Condition): Json => ({ Condition })) },
);

const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const statement = fc
  .tuple(effect, actions, resource, condition)
  .map(([Effect, ...parts]): Json => Object.assign({ Effect }, ...parts));

const principal = fc.constantFrom<Json>(
  { Principal: '*' },
  { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
  ...PRINCIPALS.map((one) => ({ Principal: { AWS: { 'Fn::GetAtt': [one, 'Arn'] } } })),
  { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/first` } },
  { Principal: { AWS: '444455556666' } },
  { Principal: { Service: 'sns.amazonaws.com' } },
);
const keyStatement = fc
  .tuple(effect, principal, actions, condition)
  .map(([Effect, ...parts]): Json => Object.assign({ Effect, Resource: '*' }, ...parts));

export const generatedCase: fc.Arbitrary<Case> = fc.record({
  keyStatements: fc
    .tuple(fc.boolean(), fc.array(keyStatement, { maxLength: 4 }))
    .map(([delegates, statements]) => (delegates ? [DELEGATION, ...statements] : statements)),
  principals: fc.tuple(
    ...PRINCIPALS.map((one) =>
      fc.record({
        type: fc.constant<GeneratedPrincipal['type']>(one === 'Third' ? 'User' : 'Role'),
        statements: fc.array(statement, { maxLength: 4 }),
        boundary: fc.option(fc.array(statement, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 4 }),
      }),
    ),
  ),
  requests: fc.array(
    fc.record({
      principal: fc.nat({ max: PRINCIPALS.length - 1 }),
      operation: fc.constantFrom(...OPERATIONS),
      // Never two names that differ in case only: which of them a policy means is not documented.
      context: fc
        .uniqueArray(fc.tuple(name, someValue), { maxLength: 2, selector: ([one]) => one.toLowerCase() })
        .map(Object.fromEntries),
    }),
    { minLength: 12, maxLength: 12 },
  ),
});

const DELEGATION: Json = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
