/**
 * DNSSEC
 *
 * The key signing key of a hosted zone: ECC_NIST_P256 in us-east-1, with the statements that Route 53 needs for this zone
 * alone. A key that is disabled or deleted takes the zone off the net, so it is retained and cannot be deleted by the way.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { AccountDelegation, KeyAccess, SigningKey, SigningKeySpec } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Zone', { env: { account: '111122223333', region: 'us-east-1' } });
const operators = [new iam.Role(stack, 'Operators', { assumedBy: new iam.AccountRootPrincipal() })];

const hostedZone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
const kmsKey = new SigningKey(stack, 'Key', {
  alias: 'dnssec/example-com',
  keySpec: SigningKeySpec.ECC_NIST_P256,
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.administerWithoutDeletion(operators)],
});
const keySigningKey = new route53.KeySigningKey(stack, 'KeySigningKey', { hostedZone, kmsKey });
new route53.CfnDNSSEC(stack, 'Dnssec', { hostedZoneId: hostedZone.hostedZoneId }).node.addDependency(keySigningKey);
