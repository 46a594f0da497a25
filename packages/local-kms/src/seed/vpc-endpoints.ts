import { bindPolicy } from '@cdk-keysmith/access';
import type { VpcEndpoint } from '../authorize/way.ts';
import { bound, placeOf, type Seeding } from './context.ts';
import type { Named } from './names.ts';

/** The endpoints for KMS of the app, by id and construct path. */
export function seedVpcEndpoints(seeding: Seeding): readonly Named<VpcEndpoint>[] {
  return seeding.assembly.vpcEndpoints.flatMap((model): readonly Named<VpcEndpoint>[] => {
    const { constructPath: name, logicalId } = model;
    const id = bound(seeding, model.id);
    if (id === undefined) {
      seeding.problems.push(`VPC endpoint ${name} was not made: its id is not known before deployment`);
      return [];
    }
    const policy = bindPolicy(model.policy, seeding.binding);
    const thing = { id, vpcId: bound(seeding, model.vpcId), account: placeOf(seeding, model).account, policy };
    return [{ thing, name, names: [name, logicalId, id] }];
  });
}
