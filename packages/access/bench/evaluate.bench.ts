// Decisions of concrete requests in one thread, as the local KMS asks for them. The goal is 100,000 a second or more.

import { evaluate, type KmsRequest, type PolicyLayers, parsePolicy } from '@cdk-keysmith/access';
import { bench } from '../../../bench/harness.ts';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

type Json = Record<string, unknown>;

function policy(kind: Parameters<typeof parsePolicy>[1]['kind'], ...statements: Json[]) {
  return parsePolicy({ Version: '2012-10-17', Statement: statements }, { name: `the ${kind} policy`, kind });
}

/** What the local KMS sends along with a data key. */
const request: KmsRequest = {
  action: 'kms:GenerateDataKey',
  caller: {
    type: 'role-session',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Writer/run`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/service/Writer`,
    account: ACCOUNT,
    name: 'Orders/Writer',
  },
  resource: KEY,
  resourceAccount: ACCOUNT,
  context: {
    'kms:EncryptionContext:service': 'orders',
    'kms:EncryptionContext:tenant': 'a',
    'kms:EncryptionContextKeys': ['service', 'tenant'],
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': 'false',
    'aws:RequestedRegion': 'eu-west-1',
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '203.0.113.7',
  },
};

const delegate = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' };
const overHttp = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const use = {
  Effect: 'Allow',
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: KEY,
  Condition: {
    StringEquals: { 'kms:EncryptionContext:service': 'orders' },
    Null: { 'kms:EncryptionContext:tenant': 'false' },
  },
};

const plain: PolicyLayers = {
  keyPolicy: policy('key', delegate, overHttp),
  identityPolicies: [policy('identity', use)],
};
const silent: PolicyLayers = { ...plain, identityPolicies: [policy('identity', { ...use, Action: 'kms:Decrypt' })] };
const unmet: PolicyLayers = {
  ...plain,
  identityPolicies: [policy('identity', { ...use, Resource: `${KEY.slice(0, -1)}*` })],
};

/** A key policy of the size that KMS allows, and everything that an organization adds. */
const everything: PolicyLayers = {
  keyPolicy: policy(
    'key',
    delegate,
    overHttp,
    ...Array.from({ length: 60 }, (_, index) => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Reader${index}` },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringLike: { 'kms:ViaService': `s3.*.amazonaws.com` } },
    })),
  ),
  identityPolicies: Array.from({ length: 10 }, (_, index) => {
    return policy('identity', { Effect: 'Allow', Action: `s3:Get${index}*`, Resource: '*' }, use);
  }),
  permissionsBoundary: policy('boundary', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
  sessionPolicies: [policy('session', { Effect: 'Allow', Action: '*', Resource: 'arn:aws:kms:*:*:key/*' })],
  serviceControlPolicies: [1, 2, 3].map(() => [
    policy('service-control', { Effect: 'Allow', Action: '*', Resource: '*' }),
    policy('service-control', { Effect: 'Deny', Action: 'kms:ScheduleKeyDeletion', Resource: '*' }),
  ]),
  resourceControlPolicies: [
    policy('resource-control', {
      ...overHttp,
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
    }),
  ],
  endpointPolicy: policy('endpoint', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
};

const granted: PolicyLayers = {
  ...silent,
  grants: [
    {
      name: 'grant of the writer',
      granteePrincipal: `arn:aws:iam::${ACCOUNT}:role/service/Writer`,
      operations: ['GenerateDataKey', 'Decrypt'],
      constraints: { encryptionContextSubset: { service: 'orders' } },
    },
  ],
};

const inOrganization: KmsRequest = { ...request, context: { ...request.context, 'aws:PrincipalOrgID': 'o-1' } };

/** Wildcards built to be slow to match. */
const hostile: PolicyLayers = {
  ...plain,
  identityPolicies: [
    policy('identity', {
      ...use,
      Condition: { StringLike: { 'kms:EncryptionContext:tenant': `${'*a'.repeat(400)}?${'a'.repeat(40)}b*` } },
    }),
  ],
};
const longContext: KmsRequest = {
  ...request,
  context: { ...request.context, 'kms:EncryptionContext:tenant': 'a'.repeat(8_000) },
};

await bench('evaluate, concrete requests', {
  baseline: 'allowed through the account',
  cases: {
    'allowed through the account': () => evaluate(request, plain),
    'denied, no statement covers it': () => evaluate(request, silent),
    'denied, a resource does not match': () => evaluate(request, unmet),
    'allowed by a grant': () => evaluate(request, granted),
    'every layer, 60 statements in the key policy': () => evaluate(inOrganization, everything),
    'hostile wildcards against 8,000 characters': () => evaluate(longContext, hostile),
  },
});
