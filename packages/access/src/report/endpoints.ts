import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { KeyModel, VpcEndpointModel } from '../model.ts';
import type { AccessCell } from './cell.ts';
import type { Candidate, Grantee } from './grantees.ts';
import type { MapAction } from './map-actions.ts';

/** What requests through one VPC endpoint may not do although they may do it otherwise, or only under more conditions. */
export interface EndpointLimit {
  readonly endpoint: VpcEndpointModel;
  readonly limited: readonly {
    readonly grantee: Grantee;
    readonly action: MapAction['action'];
    /** For a request through the endpoint. */
    readonly decision: Decision;
  }[];
}

/** Asks everything that is not denied already once more, as a request through the endpoint. */
export function endpointLimits(
  key: KeyModel,
  asked: readonly { readonly candidate: Candidate; readonly cell: AccessCell }[],
  endpoints: readonly VpcEndpointModel[],
): readonly EndpointLimit[] {
  return endpoints.map((endpoint): EndpointLimit => {
    const through = { 'aws:SourceVpce': endpoint.id, 'aws:SourceVpc': endpoint.vpcId };
    const limited = asked.flatMap(({ candidate: { grantee, caller, layers, context }, cell: { action, verdict } }) => {
      // An AWS service calls from its own network.
      if (verdict === 'denied' || caller.type === 'service') return [];
      const decision = evaluate(
        {
          caller,
          action,
          resource: key.arn,
          resourceAccount: key.account,
          context: { ...context, ...through },
          open: true,
        },
        { ...layers, endpointPolicy: endpoint.policy },
      );
      return decision.verdict === verdict ? [] : [{ grantee, action, decision }];
    });
    return { endpoint, limited };
  });
}
