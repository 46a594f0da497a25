/**
 * Signed releases
 *
 * A pipeline outside of AWS signs releases without a secret of its own: it signs in by OpenID Connect, for one repository
 * and its tags. Everybody in the organization can verify, and nobody else can sign. The second key is safe against quantum
 * computers.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AccountDelegation, KeyAccess, SigningKey, SigningKeySpec } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Releases', { env: { account: '111122223333', region: 'eu-west-1' } });

const issuer = 'token.actions.githubusercontent.com';
const provider = iam.OpenIdConnectProvider.fromOpenIdConnectProviderArn(
  stack,
  'Provider',
  `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
);
const pipeline = new iam.Role(stack, 'Pipeline', {
  assumedBy: new iam.OpenIdConnectPrincipal(provider, {
    StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
    StringLike: { [`${issuer}:sub`]: 'repo:example/shop:ref:refs/tags/*' },
  }),
});

for (const keySpec of [SigningKeySpec.ECC_NIST_P256, SigningKeySpec.ML_DSA_65]) {
  new SigningKey(stack, keySpec, {
    alias: `releases/${keySpec}`,
    keySpec,
    accountDelegation: AccountDelegation.ADMINISTRATION,
    access: [
      KeyAccess.sign([pipeline]),
      KeyAccess.verify([new iam.AnyPrincipal()], { organizationId: 'o-a1b2c3d4e5' }),
    ],
  });
}
