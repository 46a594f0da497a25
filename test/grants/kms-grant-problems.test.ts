import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  EncryptionKey,
  GrantOperation,
  GrantPrincipal,
  KeyAgreementKey,
  KmsGrant,
  type KmsGrantProps,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { failureOf } from '../failure-of';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const keyArn = (id: string) => `arn:aws:kms:eu-west-1:111122223333:key/${id.repeat(36)}`;
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:orders';

describe('a declaration', () => {
  const role = GrantPrincipal.of(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/reader'));
  const context = (pairs: number, value = 'x') =>
    Object.fromEntries(Array.from({ length: pairs }, (_, index) => [`name${index}`, value]));

  function failure(props: (own: Stack) => Partial<KmsGrantProps>, env = IRELAND): string {
    const own = new App();
    const place = new Stack(own, 'Own', { env });
    new KmsGrant(place, 'Grant', {
      grantee: role,
      operations: [GrantOperation.DECRYPT],
      key: EncryptionKey.fromKeyArn(place, 'Key', keyArn('a')),
      ...props(place),
    });
    return failureOf(own);
  }

  test('of an imported key, an assumed role and the longest name is taken', () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/reader/session';
    const grantee = GrantPrincipal.of(new iam.ArnPrincipal(arn));
    expect(failure(() => ({ grantee, grantName: 'n'.repeat(256), encryptionContextEquals: context(8) }))).toBe('');
  });

  test.each<[string, (own: Stack) => Partial<KmsGrantProps>]>([
    ['operations: none is given', () => ({ operations: [] })],
    ['operations Sign: a symmetric key with usage ENCRYPT_DECRYPT', () => ({ operations: [GrantOperation.SIGN] })],
    [
      'it has Sign, Verify, GetPublicKey',
      (own) => ({ key: new SigningKey(own, 'S', { keySpec: SigningKeySpec.RSA_2048 }) }),
    ],
    ['it has GenerateMac, VerifyMac, DescribeKey', (own) => ({ key: new MacKey(own, 'M') })],
    ['it has DeriveSharedSecret, GetPublicKey', (own) => ({ key: new KeyAgreementKey(own, 'A') })],
    ['give sourceArn', () => ({ grantee: GrantPrincipal.service('sns.amazonaws.com') })],
    ['give retiringPrincipal', () => ({ grantee: GrantPrincipal.service('sns.amazonaws.com'), sourceArn: TOPIC })],
    ['is no service principal', () => ({ retiringPrincipal: GrantPrincipal.service('sns') })],
    [
      'use GrantPrincipal.service("sns',
      () => ({ grantee: GrantPrincipal.of(new iam.ServicePrincipal('sns.amazonaws.com')) }),
    ],
    ['cannot be for an IAM group', (own) => ({ grantee: GrantPrincipal.of(new iam.Group(own, 'Group')) })],
    ['would let every AWS account in', () => ({ grantee: GrantPrincipal.of(new iam.ArnPrincipal('*')) })],
    ['under conditions', () => ({ grantee: GrantPrincipal.of(new iam.OrganizationPrincipal('o-1234567890')) })],
    ['not one principal with an ARN', () => ({ grantee: GrantPrincipal.of(new iam.FederatedPrincipal('x.com', {})) })],
    ['KMS takes one of them', () => ({ encryptionContextEquals: context(1), encryptionContextSubset: context(1) })],
    [
      'encryptionContextSubset: the name "__proto__"',
      () => ({ encryptionContextSubset: JSON.parse('{"__proto__":"x"}') }),
    ],
    ['encryptionContextEquals of 9 pairs: 1 to 8', () => ({ encryptionContextEquals: context(9) })],
    ['encryptionContextSubset of 0 pairs', () => ({ encryptionContextSubset: {} })],
    ['encryptionContextEquals.name0: a value of 385', () => ({ encryptionContextEquals: context(1, 'x'.repeat(385)) })],
    [
      'so it would bind nothing',
      () => ({ operations: [GrantOperation.DESCRIBE_KEY], encryptionContextEquals: context(1) }),
    ],
    [
      'only symmetric encryption keys take',
      (own) => ({ key: new MacKey(own, 'M'), encryptionContextEquals: context(1) }),
    ],
    ['sourceArn "orders"', () => ({ sourceArn: 'orders' })],
    ['grantName of 257 characters: 1 to 256', () => ({ grantName: 'n'.repeat(257) })],
    ['grantName "a b": letters, digits', () => ({ grantName: 'a b' })],
    ['import it by ARN', (own) => ({ key: EncryptionKey.fromAliasName(own, 'Alias', 'orders') })],
  ])('fails with "%s"', (text, props) => {
    expect(failure(props)).toContain(text);
  });

  test('of two grants with one name on one key fails', () => {
    const key = (own: Stack) => EncryptionKey.fromKeyArn(own, 'Key2', keyArn('b'));
    const twice = (own: Stack) => {
      const props = { key: key(own), grantee: role, operations: [GrantOperation.DECRYPT], grantName: 'x' };
      new KmsGrant(own, 'First', props);
      return props;
    };
    expect(failure(twice)).toContain('grantName "x" is that of Own/First on the same key');

    const importedTwice = (own: Stack) => ({ ...twice(own), key: EncryptionKey.fromKeyArn(own, 'Key3', keyArn('b')) });
    expect(failure(importedTwice)).toContain('grantName "x" is that of Own/First on the same key');
  });

  test('on a key of another account says which statement its key policy needs', () => {
    const own = new Stack(new App(), 'Own', { env: IRELAND });
    const arn = `arn:aws:kms:eu-west-1:444455556666:key/${'a'.repeat(36)}`;
    const key = EncryptionKey.fromKeyArn(own, 'Key', arn);
    new KmsGrant(own, 'Grant', { key, grantee: role, operations: [GrantOperation.DECRYPT] });
    Annotations.fromStack(own).hasWarning('/Own/Key', Match.stringLikeRegexp('the policy says .*kms:CreateGrant'));
  });

  test('in another Region than its key fails', () => {
    expect(failure(() => ({}), { ...IRELAND, region: 'us-east-1' })).toContain('key Own/Key is in eu-west-1');
  });
});
