import { Stack, Token } from 'aws-cdk-lib';
import type { aws_route53 } from 'aws-cdk-lib/interfaces';
import { problems } from '../private/rules';
import { KeyServices } from './key-services';
import { openAccess } from './open-access';
import type { ServiceAccess, ServiceHost } from './service-access';

/** AWS services that may use a signing key. */
export class SigningKeyServices extends KeyServices {
  /** @internal */
  public static _of(host: ServiceHost, keySpec: string): SigningKeyServices {
    const access = openAccess(host);
    host.key.node.addValidation({
      validate: () => (access.has('dnssec') ? dnssecProblems(keySpec, Stack.of(host.key).region) : []),
    });
    return new SigningKeyServices(access);
  }

  private readonly access: ServiceAccess;

  private constructor(access: ServiceAccess) {
    super();
    this.access = access;
  }

  /**
   * Route 53 signs the zone with this key: `kms:DescribeKey`, `kms:GetPublicKey`, `kms:Sign`, and grants for itself.
   *
   * IMPORTANT: Route 53 takes an `ECC_NIST_P256` signing key in us-east-1 only.
   *
   * @param hostedZone the zone that is signed
   * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
   */
  public dnssec(hostedZone: aws_route53.IHostedZoneRef): void {
    this.access.allow('dnssec', this.access.named(hostedZone, 'hostedZoneRef', 'hostedZoneId'));
  }
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html */
function dnssecProblems(keySpec: string, region: string): string[] {
  return problems([
    {
      when: keySpec !== 'ECC_NIST_P256',
      message: `DNSSEC with a key of spec ${keySpec}: Route 53 takes ECC_NIST_P256 only; use SigningKeySpec.ECC_NIST_P256`,
    },
    {
      when: !Token.isUnresolved(region) && region !== 'us-east-1' && !/^(cn|us-gov)-/.test(region),
      message: `DNSSEC with a key in ${region}: Route 53 takes keys of us-east-1 only, wherever the zone is used from; put the key into a stack of that Region`,
    },
  ]);
}
