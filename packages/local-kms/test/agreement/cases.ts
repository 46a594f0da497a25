import type { ServiceCaller } from '@cdk-keysmith/local-kms';
import * as fc from 'fast-check';

/** An app of one key and a few principals, with policies that nobody would write, and what is then asked of it. */
export interface Case {
  readonly keyStatements: readonly Json[];
  readonly principals: readonly GeneratedPrincipal[];
  readonly grants: readonly GeneratedGrant[];
  /** Of the VPC endpoint. Undefined: none of its own, which allows everything. */
  readonly endpointStatements: readonly Json[] | undefined;
  readonly organization: GeneratedOrganization;
  readonly requests: readonly Request[];
}

export interface GeneratedPrincipal {
  readonly type: 'Role' | 'User';
  readonly statements: readonly Json[];
  /** Undefined: no permissions boundary. */
  readonly boundary: readonly Json[] | undefined;
}

/** A grant on the key, as the template declares it. */
export interface GeneratedGrant {
  readonly grantee: Json;
  readonly operations: readonly string[];
  readonly constraints: Json;
}

/** Policies that stand in files beside the app. */
export interface GeneratedOrganization {
  /** Documents by level, from the root down; empty: no service control policy. */
  readonly serviceControl: readonly (readonly Json[])[];
  /** Empty: none. */
  readonly resourceControl: readonly Json[];
}

export interface Request {
  /** What an AWS service acts for that makes the request itself, in the place of the principal; undefined: none does. */
  readonly source: Pick<ServiceCaller, 'sourceArn' | 'sourceAccount'> | undefined;
  /** The service that calls for the principal. */
  readonly via: string | undefined;
  readonly throughEndpoint: boolean;
  /** Statements of the session policy; undefined, or a user: none. */
  readonly session: readonly Json[] | undefined;
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
  'CreateGrant',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The IAM actions that an operation needs, all of them. */
export function actionsOf(operation: Operation): readonly string[] {
  return operation === 'ReEncrypt' ? ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] : [`kms:${operation}`];
}

export type Json = Readonly<Record<string, unknown>>;

/** The last one is in another account. */
export const PRINCIPALS = ['First', 'Second', 'Third', 'Fourth'] as const;
export const FOREIGN: (typeof PRINCIPALS)[number] = 'Fourth';
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const ORGANIZATION = 'o-1234567890';
/** The AWS service that key policies let in. */
export const SERVICE = 'sns.amazonaws.com';
/** What CreateGrant asks for. */
export const GRANTED = ['Decrypt'] as const;

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

/** The key, where its stack is; elsewhere its ARN is written with a wildcard. */
export const keyArn = { 'Fn::GetAtt': ['Key', 'Arn'] };
const resource = fc.constantFrom<Json>(
  { Resource: '*' },
  { Resource: keyArn },
  { Resource: keyArn },
  { Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` },
  { Resource: 'arn:aws:kms:eu-west-1:444455556666:key/*' },
  { NotResource: keyArn },
  { NotResource: 'arn:aws:s3:::*' },
);

/** The same for policies that know nothing of the app. */
const writtenResource = fc.constantFrom<Json>(
  { Resource: '*' },
  { Resource: '*' },
  { Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` },
  { Resource: `arn:aws:kms:us-*:${ACCOUNT}:*` },
  { Resource: 'arn:aws:kms:eu-west-1:444455556666:key/*' },
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
  { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
  { StringNotEquals: { 'kms:CallerAccount': ACCOUNT } },
  { 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt', 'Encrypt'] } },
  { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  { Bool: { 'aws:ViaAWSService': 'false' } },
  { StringNotEquals: { 'kms:ViaService': `sqs.us-east-1.amazonaws.com` } },
  { StringEquals: { 'aws:SourceVpce': { Ref: 'Endpoint' } } },
  { StringNotEqualsIfExists: { 'aws:SourceVpc': { Ref: 'Vpc' } } },
  { Null: { 'aws:SourceVpce': 'true' } },
  { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
  { StringNotEqualsIfExists: { 'aws:ResourceOrgID': ORGANIZATION } },
  { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
  { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } },
  { StringLike: { 'aws:SourceArn': `arn:aws:sns:*:${ACCOUNT}:*` } },
  { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
);
/** What is written outside of the template refers to nothing in it. */
const writtenCondition = otherCondition.filter((one) => !JSON.stringify(one).includes('Ref'));
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

const written = (Principal?: unknown) =>
  fc
    .tuple(
      effect,
      actions,
      writtenResource,
      fc.oneof(
        fc.constant<Json>({}),
        contextCondition.map((Condition): Json => ({ Condition })),
        writtenCondition.map((Condition): Json => ({ Condition })),
      ),
    )
    .map(([Effect, ...parts]): Json => Object.assign({ Effect }, Principal && { Principal }, ...parts));
const EVERYTHING: Json = { Effect: 'Allow', Action: '*', Resource: '*' };
/** One time in four. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** A document that says something, most often beside what allows everything: else nothing would ever be allowed. */
const limits = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.array(written(), { minLength: 1, maxLength: 3 }))
  .map(([open, statements]) => (open > 0 ? [EVERYTHING, ...statements] : statements));

/** The role of the other account has a name of its own, by which policies and grants of this one know it. */
function arnOf(one: (typeof PRINCIPALS)[number]): unknown {
  return one === FOREIGN ? `arn:aws:iam::${OTHER_ACCOUNT}:role/fourth` : { 'Fn::GetAtt': [one, 'Arn'] };
}

const grant: fc.Arbitrary<GeneratedGrant> = fc.record({
  grantee: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...PRINCIPALS).map((one): Json => ({ GranteePrincipal: arnOf(one) })) },
    { weight: 1, arbitrary: fc.constant<Json>({ GranteePrincipal: `arn:aws:iam::${ACCOUNT}:root` }) },
    { weight: 1, arbitrary: fc.constant<Json>({ GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/nobody` }) },
  ),
  operations: fc.uniqueArray(
    fc.constantFrom(
      ...OPERATIONS.filter((one) => one !== 'EnableKey')
        .flatMap(actionsOf)
        .map((one) => one.slice('kms:'.length)),
      'DescribeKey',
      'RetireGrant',
    ),
    { minLength: 1, maxLength: 4 },
  ),
  constraints: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Json>({}) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('EncryptionContextEquals', 'EncryptionContextSubset'),
          fc.uniqueArray(fc.tuple(name, someValue), {
            minLength: 1,
            maxLength: 2,
            selector: ([one]) => one.toLowerCase(),
          }),
        )
        .map(([kind, pairs]): Json => ({ Constraints: { [kind]: Object.fromEntries(pairs) } })),
    },
    { weight: 1, arbitrary: fc.constant<Json>({ Constraints: { SourceArn: 'arn:aws:s3:::anything' } }) },
  ),
});

const principal = fc.constantFrom<Json>(
  { Principal: '*' },
  { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
  ...PRINCIPALS.map((one) => ({ Principal: { AWS: arnOf(one) } })),
  { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/first` } },
  { Principal: { AWS: OTHER_ACCOUNT } },
  { Principal: { Service: SERVICE } },
  { Principal: { Service: SERVICE } },
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
  grants: fc.array(grant, { maxLength: 3 }),
  endpointStatements: fc.option(
    fc
      .tuple(fc.boolean(), fc.array(written('*'), { minLength: 1, maxLength: 3 }))
      .map(([open, some]) => (open ? [{ ...EVERYTHING, Principal: '*' }, ...some] : some)),
    { nil: undefined, freq: 3 },
  ),
  organization: fc.record({
    serviceControl: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(limits, { minLength: 1, maxLength: 2 }) },
    ),
    resourceControl: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(written('*'), { minLength: 1, maxLength: 2 }).map((some) => some.map(asDeny)),
      },
    ),
  }),
  requests: fc.array(
    fc.record({
      source: sometimes(
        fc.constantFrom(
          {},
          { sourceAccount: ACCOUNT },
          ...[ACCOUNT, OTHER_ACCOUNT].map((one) => ({
            sourceArn: `arn:aws:sns:us-east-1:${one}:news`,
            sourceAccount: one,
          })),
        ),
      ),
      principal: fc.nat({ max: PRINCIPALS.length - 1 }),
      operation: fc.constantFrom(...OPERATIONS),
      via: sometimes(fc.constantFrom('s3', 'sqs')),
      throughEndpoint: fc.constantFrom(true, false, false),
      session: sometimes(limits),
      // Never two names that differ in case only: which of them a policy means is not documented.
      context: fc
        .uniqueArray(fc.tuple(name, someValue), { maxLength: 2, selector: ([one]) => one.toLowerCase() })
        .map(Object.fromEntries),
    }),
    { minLength: 12, maxLength: 12 },
  ),
});

/** Resource control policies deny, beside the one of AWS that allows everything. */
function asDeny(statement: Json): Json {
  return { ...statement, Effect: 'Deny' };
}

const DELEGATION: Json = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
