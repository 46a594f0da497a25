import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

const VIA_SERVICE = 'kms:ViaService';

/**
 * The grantee for the key policy of a replica. aws-cdk-lib has principals that are people who come through a service of the
 * primary's Region, `secretsmanager.eu-central-1.amazonaws.com`; to the replica they come through the one of its own.
 */
export function granteeFor(replica: IConstruct, primary: IConstruct, grantee: iam.IGrantable): iam.IGrantable {
  const { principalJson, conditions } = grantee.grantPrincipal.policyFragment;
  const through = Object.values(conditions as Record<string, unknown>).some(
    (keys) => typeof keys === 'object' && keys !== null && VIA_SERVICE in keys,
  );
  if (!through) {
    return grantee;
  }
  const [from, to] = [Stack.of(primary).region, Stack.of(replica).region];
  return { grantPrincipal: new RegionalPrincipal(principalJson, moved(conditions, from, to)) };
}

/** Whether the grantee is an AWS service. */
export function isService({ grantPrincipal }: iam.IGrantable): boolean {
  return 'Service' in grantPrincipal.policyFragment.principalJson;
}

class RegionalPrincipal extends iam.PrincipalBase {
  public readonly policyFragment: iam.PrincipalPolicyFragment;

  constructor(principal: Record<string, string[]>, conditions: iam.Conditions) {
    super();
    this.policyFragment = new iam.PrincipalPolicyFragment(principal, conditions);
  }

  public dedupeString(): string | undefined {
    return undefined;
  }
}

function moved(conditions: iam.Conditions, from: string, to: string): iam.Conditions {
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys as Record<string, unknown>).map(([key, value]) => [
          key,
          key === VIA_SERVICE ? inRegion(value, from, to) : value,
        ]),
      ),
    ]),
  );
}

function inRegion(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => inRegion(one, from, to));
  }
  return typeof value === 'string' ? value.replace(`.${from}.`, `.${to}.`) : value;
}
