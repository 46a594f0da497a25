/**
 * A key policy with everything in it
 *
 * Owners, administrators, users with and without conditions, services that act for users, Auto Scaling, statements of
 * one's own, names of aliases that are worked out, and a key for each other usage: signing, message authentication codes,
 * public-key encryption.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  AccountDelegation,
  AliasName,
  AsymmetricEncryptionKey,
  AsymmetricEncryptionKeySpec,
  CallerService,
  EncryptionKey,
  GrantOperation,
  GrantPrincipal,
  KeyAccess,
  KeyOrigin,
  KmsGrant,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from 'cdk-keysmith';

// The name of the application, which its aliases begin with, usually stands in cdk.json.
export const app = new App({ context: { 'cdk-keysmith:appName': 'complete' } });
const stack = new Stack(app, 'Complete', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
const owner = role('Owner');
const administrator = role('Administrator');
const application = role('Application');

// Who may do everything with every key; administrators may not use it, and users may not administer it.
const owners = new iam.PolicyStatement({
  sid: 'KeyOwners',
  principals: [owner],
  actions: ['kms:*'],
  resources: ['*'],
});
const common = {
  accountDelegation: AccountDelegation.ADMINISTRATION,
  administrators: [administrator],
  policy: new iam.PolicyDocument({ statements: [owners] }),
};

const key = new EncryptionKey(stack, 'Key', {
  ...common,
  alias: AliasName.forApp(stack, 'data'),
  // Names that are worked out, and one that tells this stack from others like it: CloudFormation makes up none.
  aliases: [...['orders', 'invoices'].map((name) => AliasName.forApp(stack, name)), AliasName.forStack(stack, 'data')],
  description: 'Data at rest',
  rotationPeriod: Duration.days(180),
  users: [application],
  access: [
    KeyAccess.decrypt([role('Report')], { encryptionContext: { purpose: 'report' } }),
    KeyAccess.encryptAndDecrypt([role('Warehouse')], { viaServices: ['redshift'] }),
    KeyAccess.audit([role('Auditor')]),
  ],
});
key.addAlias('complete/data-of-2026');
key.services.autoScaling();
// A grant of KMS: outside of the key policy, for one operation under one encryption context, and revoked with the stack.
new KmsGrant(stack, 'Grant', {
  key,
  grantee: GrantPrincipal.of(role('Export')),
  operations: [GrantOperation.DECRYPT],
  encryptionContextSubset: { purpose: 'export' },
});
key.services.viaService(CallerService.SECRETS_MANAGER, application);

// The same key in another Region, with a key policy for that Region; administrators get kms:ReplicateKey.
new EncryptionKey(stack, 'MultiRegion', {
  accountDelegation: AccountDelegation.ADMINISTRATION,
  alias: AliasName.forApp(stack, 'everywhere'),
  aliases: [AliasName.forApp(stack, 'wherever')],
  replicas: [{ region: 'eu-central-1', description: 'Read in Frankfurt' }],
});

// Material of one's own: administrators get kms:ImportKeyMaterial, and the key cannot be used before it is imported.
new EncryptionKey(stack, 'External', { ...common, alias: 'complete/external', origin: KeyOrigin.EXTERNAL });

new MacKey(stack, 'Mac', {
  ...common,
  alias: 'complete/mac',
  access: [KeyAccess.generateAndVerifyMac([application])],
});
new SigningKey(stack, 'Signing', {
  ...common,
  alias: 'complete/signing',
  keySpec: SigningKeySpec.ECC_NIST_P384,
  access: [KeyAccess.sign([role('Release')]), KeyAccess.verify([application])],
});
new AsymmetricEncryptionKey(stack, 'PublicKey', {
  ...common,
  alias: 'complete/public-key',
  keySpec: AsymmetricEncryptionKeySpec.RSA_4096,
  access: [KeyAccess.encrypt([role('Sender')]), KeyAccess.decrypt([application])],
});
