/**
 * Generations of a signing key
 *
 * KMS does not rotate signing keys: a new generation takes over under the same alias, the former one signs until the
 * deployment after that, and a retired one is disabled and can be taken back.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AccountDelegation, SigningKeyGenerations, SigningKeySpec } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Tokens', { env: { account: '111122223333', region: 'eu-west-1' } });

const keys = new SigningKeyGenerations(stack, 'Keys', {
  alias: 'tokens',
  keyProps: { keySpec: SigningKeySpec.ECC_NIST_P256, accountDelegation: AccountDelegation.ADMINISTRATION },
  generations: [{ id: '2025', retired: true }, { id: '2026' }, { id: '2027' }],
  current: '2027',
  // For one deployment: whoever has not yet heard of the new alias target signs with the former key.
  alsoActive: ['2026'],
});

const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
keys.grants.sign(role('Issuer'));
keys.grants.verify(role('Verifier'));
