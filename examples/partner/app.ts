/**
 * Partners in other accounts
 *
 * A partner decrypts what was encrypted for it, and nothing else: the key policy names its account and the encryption
 * context. A role in a second account of one's own gets the same on both sides by one call.
 */
import { Annotations, App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EncryptionKey, KeyAccess } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Exchange', { env: { account: '111122223333', region: 'eu-west-1' } });

const key = new EncryptionKey(stack, 'Key', {
  alias: 'exchange',
  access: [
    // The account decides which of its principals may; it cannot let in anybody else, nor open what is not for it.
    KeyAccess.decrypt([new iam.AccountPrincipal('444455556666')], {
      encryptionContext: { partner: 'logistics' },
      requiredContext: ['document'],
    }),
  ],
});
key.addOutputs();

// An account of one's own, in the same app. Each side names the other: KMS takes a key policy only when the role exists,
// and the IAM policy of the role names the key. So Billing was deployed once before this grant was added.
const billing = new Stack(app, 'Billing', { env: { account: '123456789012', region: 'eu-west-1' } });
const invoices = new iam.Role(billing, 'Invoices', {
  roleName: 'invoices',
  assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
});
key.grants.decrypt(invoices, { encryptionContext: { partner: 'billing' } });
Annotations.of(key).acknowledgeWarning('cdk-keysmith:deployedInTurn', 'Billing has been deployed before');
