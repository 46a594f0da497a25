import {
  evaluateOperation,
  type KmsRequest,
  type OperationRequest,
  type OperationResource,
} from '@cdk-keysmith/access';
import { ACCOUNT, allowIam, allowKey, KEY, OTHER, policy, ROLE, ROOT, role } from './support/ask.ts';

const ALIAS = `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/orders`;
const alias: OperationResource = { arn: ALIAS, account: ACCOUNT };
const key = (principal: unknown, more: Partial<OperationResource> = {}): OperationResource => {
  return { arn: KEY, account: ACCOUNT, keyPolicy: policy('key', allowKey(principal)), ...more };
};
const iam = { identityPolicies: [policy('identity', allowIam)] };
const none = { identityPolicies: [] };

function ask(
  operation: string,
  resources: OperationRequest['resources'],
  layers = iam,
  more: Partial<OperationRequest> = {},
) {
  return evaluateOperation({ operation, caller: role, context: {}, resources, ...more }, layers);
}

describe('an operation', () => {
  it('is allowed when each of its permissions is, and says so for each', () => {
    const decision = ask('UpdateAlias', { alias, key: key({ AWS: ROOT }), newKey: key({ AWS: ROLE }) });
    expect(decision.verdict).toBe('allowed');
    expect(decision.parts.map(({ permission, decision: { verdict } }) => [permission.on, verdict])).toEqual([
      ['alias', 'allowed'],
      ['key', 'allowed'],
      ['newKey', 'allowed'],
    ]);
  });

  it('is denied when one is not, and the parts say which', () => {
    const decision = ask('UpdateAlias', { alias, key: key({ AWS: ROOT }), newKey: key({ AWS: OTHER }) });
    expect(decision.verdict).toBe('denied');
    expect(decision.reasons[0]?.code).toBe('no-key-policy-allow');
    expect(decision.parts.map(({ decision: { verdict } }) => verdict)).toEqual(['allowed', 'allowed', 'denied']);
  });

  it('is denied explicitly when a Deny hits one of its permissions', () => {
    const denied = key('*', { keyPolicy: policy('key', [allowKey('*'), { ...allowKey('*'), Effect: 'Deny' }]) });
    const decision = ask('ReEncrypt', { sourceKey: key({ AWS: OTHER }), destinationKey: denied }, none);
    expect(decision).toMatchObject({ verdict: 'denied', explicitDeny: true });
  });

  it('is allowed under the conditions of all of its permissions', () => {
    const under = (name: string) => key({}, { keyPolicy: policy('key', allowKey({ AWS: ROLE }, conditionOn(name))) });
    const decision = ask('ReEncrypt', { sourceKey: under('from'), destinationKey: under('to') }, none, { open: true });
    expect(decision.verdict).toBe('allowed-if');
    expect(decision.residual.map(({ text }) => text)).toEqual([
      'encryption context "from" is "x"',
      'encryption context "to" is "x"',
    ]);
  });

  it('has the encryption context of each side', () => {
    const under = (name: string, context: KmsRequest['context']) => {
      return key({}, { keyPolicy: policy('key', allowKey({ AWS: ROLE }, conditionOn(name))), context });
    };
    const sides = {
      sourceKey: under('a', { 'kms:EncryptionContext:a': 'x' }),
      destinationKey: under('b', { 'kms:EncryptionContext:b': 'x' }),
    };
    expect(ask('ReEncrypt', sides, none).verdict).toBe('allowed');
    expect(ask('ReEncrypt', { sourceKey: sides.destinationKey, destinationKey: sides.sourceKey }, none).verdict).toBe(
      'allowed',
    );
    expect(ask('ReEncrypt', { ...sides, sourceKey: key({ AWS: OTHER }) }, none).verdict).toBe('denied');
  });

  it('on an alias of another account is denied', () => {
    const elsewhere = { arn: ALIAS.replace(ACCOUNT, OTHER), account: OTHER };
    const { parts } = ask('CreateAlias', { alias: elsewhere, key: key({ AWS: ROOT }) });
    expect(parts[0]?.decision.reasons[0]?.code).toBe('operation-not-cross-account');
  });

  it('without a key is for IAM, and tags ask for one more permission', () => {
    expect(ask('CreateKey', {}).parts).toHaveLength(1);
    expect(ask('CreateKey', {}, iam, { tags: true }).parts).toHaveLength(2);
    expect(ask('GenerateRandom', {}, iam, { caller: { type: 'service', service: 'sns.amazonaws.com' } }).verdict).toBe(
      'denied',
    );
  });

  it('on a key is not for whom IAM alone allows, though kms:TagResource is asked without a key too', () => {
    expect(ask('TagResource', { key: { arn: KEY, account: ACCOUNT } }).verdict).toBe('unknown');
    expect(ask('Decrypt', { key: { arn: '*', account: ACCOUNT } }).verdict).toBe('unknown');
  });

  it.each<[string, OperationRequest['resources'], string]>([
    ['Decypt', {}, 'operation "Decypt" is none of KMS: use one such as "Decrypt"'],
    ['toString', {}, 'operation "toString" is none of KMS: use one such as "Decrypt"'],
    [
      'UpdateAlias',
      { alias },
      'resources.key of UpdateAlias is missing: give its ARN, account and policies; resources.newKey of UpdateAlias is missing: give its ARN, account and policies',
    ],
    ['ListKeys', { key: key('*') }, 'resources.key is not what ListKeys concerns: nothing'],
    [
      'Decrypt',
      { key: { ...key('*'), arn: ALIAS } },
      'resource of kms:Decrypt must be the ARN of a key, not of an alias',
    ],
  ])('%s is refused when asked wrongly', (operation, resources, message) => {
    expect(() => ask(operation, resources)).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', message: expect.stringContaining(message) }),
    );
  });
});

function conditionOn(name: string) {
  return { Condition: { StringEquals: { [`kms:EncryptionContext:${name}`]: 'x' } } };
}
