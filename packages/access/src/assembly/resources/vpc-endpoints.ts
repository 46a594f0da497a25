import type { VpcEndpointModel } from '../../model.ts';
import { readPolicy } from '../../parsing/policy.ts';
import { matchesPattern } from '../../symbolic/match.ts';
import { type Outcome, orElse } from '../../symbolic/outcome.ts';
import { anyTri } from '../../symbolic/tri.ts';
import { attribute, located, ofTypes, property, type Resource, valueAt } from './resource.ts';

/** Names of the endpoint services of KMS; in China they begin with `cn.`. */
const SERVICES = ['*com.amazonaws.*.kms', '*com.amazonaws.*.kms-fips'];

/** What an endpoint has without a policy of its own. */
const FULL_ACCESS: Outcome = {
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

export function vpcEndpointsOf(resources: readonly Resource[]): readonly VpcEndpointModel[] {
  return ofTypes(resources, ['AWS::EC2::VPCEndpoint']).flatMap((resource): readonly VpcEndpointModel[] => {
    const serviceName = valueAt(resource, 'ServiceName') ?? '';
    const forKms = anyTri(SERVICES.map((service) => matchesPattern(service, serviceName)));
    if (forKms === 'no') return [];
    const { constructPath } = resource;
    const source = { name: `policy of VPC endpoint ${constructPath}`, kind: 'endpoint', constructPath } as const;
    const { policy, problems } = readPolicy(orElse(property(resource, 'PolicyDocument'), FULL_ACCESS), source);
    return [
      {
        ...located(resource),
        id: attribute(resource, 'Ref'),
        serviceName,
        vpcId: valueAt(resource, 'VpcId') ?? '',
        policy,
        problems: [
          ...problems.map((problem) => `PolicyDocument: ${problem}`),
          ...(forKms === 'unknown' ? ['ServiceName: whether this is an endpoint for KMS is not known'] : []),
        ],
      },
    ];
  });
}
