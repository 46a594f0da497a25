/**
 * A key policy with everything in it
 *
 * Owners, administrators, users with and without conditions, services that act for users, Auto Scaling, statements of
 * one's own and a key for each other usage: signing, message authentication codes, public-key encryption.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  AccountDelegation,
  AsymmetricEncryptionKey,
  AsymmetricEncryptionKeySpec,
  CallerService,
  EncryptionKey,
  KeyAccess,
  KeyOrigin,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from 'cdk-keysmith';

export const app = new App();
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
  alias: 'complete/data',
  description: 'Data at rest',
  rotationPeriod: Duration.days(180),
  // A key that may have replicas: administrators get kms:ReplicateKey.
  multiRegion: true,
  users: [application],
  access: [
    KeyAccess.decrypt([role('Report')], { encryptionContext: { purpose: 'report' } }),
    KeyAccess.encryptAndDecrypt([role('Warehouse')], { viaServices: ['redshift'] }),
    KeyAccess.audit([role('Auditor')]),
  ],
});
key.addAlias('complete/data-of-2026');
key.services.autoScaling();
key.services.viaService(CallerService.SECRETS_MANAGER, application);

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
