import { allOf, sourceAccount, sourceArn } from '../facts';
import { kms, page, type SourceShape, universal, uses } from '../service-use';

const HOSTED_ZONE: SourceShape = {
  of: 'hosted zone',
  arn: ({ partition }, id) => `arn:${partition}:route53:::hostedzone/${id}`,
};

/** Uses of signing keys. */
export const SIGNING_USES = uses({
  dnssec: {
    title: 'Route 53: DNSSEC signing',
    call: 'dnssec(hostedZone)',
    principals: universal('dnssec-route53'),
    statements: [
      {
        actions: kms('DescribeKey', 'GetPublicKey', 'Sign'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts, 'ArnEquals')),
      },
      {
        actions: kms('CreateGrant'),
        conditions: (facts) =>
          allOf(sourceAccount(facts), sourceArn(facts, 'ArnEquals'), { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
      },
    ],
    source: HOSTED_ZONE,
    see: page('Route53/latest/DeveloperGuide/access-control-managing-permissions.html'),
    trap: 'The key is an ECC_NIST_P256 signing key in us-east-1, single-Region, wherever the zone is used from.',
    automatic: true,
    keys: 'signing',
  },
});
