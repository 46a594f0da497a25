import {
  type Assembly,
  callerFor,
  contextOfKey,
  contextOfPrincipal,
  type Decision,
  evaluate,
  everyLayerFor,
} from '@cdk-keysmith/access';
import { sessionPolicy, type Way } from './client.ts';

/** What is said of a request before deployment, when nothing of it is known but its way. */
export function staticDecision(
  action: string,
  principalPath: string,
  { session, vpcEndpoint }: Way,
  assembly: Assembly,
): Decision {
  const [key] = assembly.keys;
  const [endpoint] = assembly.vpcEndpoints;
  const principal = assembly.principals.find(({ constructPath }) => constructPath === principalPath);
  if (key === undefined || endpoint === undefined || principal === undefined) {
    throw new Error(`the app has not all of key, endpoint and ${principalPath}`);
  }
  const through = vpcEndpoint !== undefined && { 'aws:SourceVpce': endpoint.id, 'aws:SourceVpc': endpoint.vpcId };
  return evaluate(
    {
      action,
      caller: callerFor(principal),
      resource: key.arn,
      resourceAccount: key.account,
      context: { ...contextOfKey(key), ...contextOfPrincipal(principal), ...through },
      open: true,
    },
    {
      ...everyLayerFor(assembly, key, principal),
      ...(session !== undefined && { sessionPolicies: [sessionPolicy(session)] }),
      ...(vpcEndpoint !== undefined && { endpointPolicy: endpoint.policy }),
    },
  );
}
