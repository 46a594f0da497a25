import { accessMap, readAssembly } from '@cdk-keysmith/access';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  AccountDelegation,
  AsymmetricEncryptionKey,
  EncryptionKey,
  Envelope,
  KeyAccess,
  KeyAgreementKey,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { promises } from '../promises';

/* What each construct promises, in the words of the access map: who can do what with the key, and nobody else. */

const { context } = require('../../cdk.json');

const app = new App({ context });
const stack = new Stack(app, 'App', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
const handler = (id: string) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
const administrator = role('Administrator');
const user = role('User');
const partner = new iam.AccountPrincipal('444455556666');
const own = { accountDelegation: AccountDelegation.ADMINISTRATION, administrators: [administrator] };

new EncryptionKey(stack, 'Plain');
new EncryptionKey(stack, 'Administered', own);
new EncryptionKey(stack, 'WithoutDelegation', { ...own, accountDelegation: AccountDelegation.NONE });
new EncryptionKey(stack, 'WithUsers', { ...own, users: [user] });
new EncryptionKey(stack, 'WithAccess', {
  ...own,
  access: [
    KeyAccess.administerWithoutDeletion([role('Operator')]),
    KeyAccess.audit([role('Auditor')]),
    KeyAccess.encrypt([role('Sealer')]),
    KeyAccess.generateDataKeys([role('Wrapper')], { requiredContext: ['tenant'] }),
    KeyAccess.decrypt([partner], { encryptionContext: { app: 'orders' } }),
    KeyAccess.decrypt([user], { viaServices: ['s3'], multiFactorAuth: true }),
  ],
});
const granted = new EncryptionKey(stack, 'Granted', own);
granted.grants.decrypt(role('Opener'), { encryptionContext: { app: 'orders' } });
granted.grants.actions(role('Maker'), ['kms:GenerateDataKey']);
const sealed = new EncryptionKey(stack, 'Sealed');
const envelope = new Envelope(stack, 'Orders', {
  key: sealed,
  context: { app: 'orders' },
  requiredContext: ['tenant'],
});
envelope.grantEncrypt(handler('Writer'));
envelope.grantDecrypt(handler('Reader'));
new AsymmetricEncryptionKey(stack, 'Asymmetric', { ...own, access: [KeyAccess.encrypt([user])] }).grants.decrypt(
  role('Recipient'),
);
new SigningKey(stack, 'Signing', {
  ...own,
  keySpec: SigningKeySpec.ECC_NIST_P256,
  access: [KeyAccess.sign([user])],
}).grants.verify(role('Verifier'));
new MacKey(stack, 'Mac', { ...own, access: [KeyAccess.generateMac([user])] }).grants.verifyMac(role('Receiver'));
new KeyAgreementKey(stack, 'Agreement', {
  ...own,
  access: [KeyAccess.getPublicKey([partner])],
}).grants.deriveSharedSecret(user);

const promised = promises(accessMap(readAssembly(app.synth().directory)), [
  'Encrypt',
  'GenerateDataKey',
  'Decrypt',
  'ReEncryptFrom',
  'Sign',
  'Verify',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
  'GetPublicKey',
  'CreateGrant',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
]);

const DELEGATES = 'account 111122223333 can ScheduleKeyDeletion, PutKeyPolicy';
const ADMINISTERED = [DELEGATES, 'App/Administrator can ScheduleKeyDeletion, PutKeyPolicy'];

/** Each of these can do what it says, and nobody else can do any of it. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  'App/Plain': [
    'account 111122223333 can Encrypt, GenerateDataKey, Decrypt, ReEncryptFrom, ScheduleKeyDeletion, PutKeyPolicy, CreateGrant',
  ],
  'App/Administered': ADMINISTERED,
  'App/WithoutDelegation': ['App/Administrator can ScheduleKeyDeletion, PutKeyPolicy'],
  'App/WithUsers': [...ADMINISTERED, 'App/User can Encrypt, GenerateDataKey, Decrypt, ReEncryptFrom'],
  'App/WithAccess': [
    ...ADMINISTERED,
    'App/User can Decrypt if kms:ViaService is "s3.eu-west-1.amazonaws.com" and aws:MultiFactorAuthPresent is true',
    'App/Operator can PutKeyPolicy',
    'App/Sealer can Encrypt, GenerateDataKey',
    'App/Wrapper can GenerateDataKey if encryption context "tenant" is present',
    'account 444455556666 can Decrypt if encryption context "app" is "orders"',
  ],
  'App/Granted': [
    ...ADMINISTERED,
    'App/Opener can Decrypt if encryption context "app" is "orders"',
    'App/Maker can GenerateDataKey',
  ],
  'App/Sealed': [
    'account 111122223333 can Encrypt, GenerateDataKey, Decrypt, ReEncryptFrom, ScheduleKeyDeletion, PutKeyPolicy, CreateGrant',
    'App/Writer/ServiceRole can GenerateDataKey if encryption context "app" is "orders" and encryption context "tenant" is present',
    'App/Reader/ServiceRole can Decrypt if encryption context "app" is "orders" and encryption context "tenant" is present',
  ],
  'App/Asymmetric': [...ADMINISTERED, 'App/User can Encrypt, GetPublicKey', 'App/Recipient can Decrypt'],
  'App/Signing': [...ADMINISTERED, 'App/User can Sign', 'App/Verifier can Verify, GetPublicKey'],
  'App/Mac': [...ADMINISTERED, 'App/User can GenerateMac', 'App/Receiver can VerifyMac'],
  'App/Agreement': [
    ...ADMINISTERED,
    'App/User can DeriveSharedSecret, GetPublicKey',
    'account 444455556666 can GetPublicKey',
  ],
};

test.each(Object.entries(PROMISED))('%s', (path, expected) => {
  expect(promised.get(path)).toEqual(expected);
});

test('every key of the app has its promise', () => {
  expect([...promised.keys()].sort()).toEqual(Object.keys(PROMISED).sort());
});
