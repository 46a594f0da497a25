import {
  type Decision,
  evaluate,
  evaluateOperation,
  type Grant,
  type KmsRequest,
  type OperationRequest,
  type OperationResource,
  type Policy,
  type PolicyKind,
  type PolicyLayers,
  parsePolicy,
  type Verdict,
} from '@cdk-keysmith/access';

/** Layers as JSON: each policy is a document. */
interface GivenLayers {
  readonly keyPolicy?: unknown;
  readonly identityPolicies?: readonly unknown[];
  readonly permissionsBoundary?: unknown;
  readonly sessionPolicies?: readonly unknown[];
  readonly grants?: readonly Grant[];
  readonly serviceControlPolicies?: readonly (readonly unknown[])[];
  readonly resourceControlPolicies?: readonly unknown[];
  readonly endpointPolicy?: unknown;
}

type GivenResource = Omit<OperationResource, 'keyPolicy'> & { readonly keyPolicy?: unknown };

/** One story in a file of its own: what is given, and what must come out, in words too. */
export interface Scenario {
  readonly name: string;
  readonly given: GivenLayers & {
    /** One action, or one operation with its resources. */
    readonly request?: KmsRequest;
    readonly operation?: Omit<OperationRequest, 'resources'> & {
      readonly resources: Readonly<Record<string, GivenResource>>;
    };
  };
  readonly expect: { readonly verdict: Verdict; readonly explicitDeny?: boolean; readonly words: readonly string[] };
}

const NAMES: Readonly<Record<PolicyKind, string>> = {
  key: 'the key policy',
  identity: 'identity policy',
  boundary: 'the boundary',
  session: 'the session policy',
  'service-control': 'the service control policy',
  'resource-control': 'the resource control policy',
  endpoint: 'the endpoint policy',
  trust: 'the trust policy',
};

function read(kind: PolicyKind, json: unknown, index?: number): Policy {
  return parsePolicy(json, { name: index === undefined ? NAMES[kind] : `${NAMES[kind]} ${index + 1}`, kind });
}

function layersOf(given: GivenLayers): PolicyLayers {
  const { keyPolicy, permissionsBoundary, sessionPolicies, grants, endpointPolicy } = given;
  const { serviceControlPolicies, resourceControlPolicies } = given;
  return {
    keyPolicy: keyPolicy === undefined ? undefined : read('key', keyPolicy),
    identityPolicies: (given.identityPolicies ?? []).map((json, index) => read('identity', json, index)),
    ...(permissionsBoundary !== undefined && { permissionsBoundary: read('boundary', permissionsBoundary) }),
    ...(sessionPolicies && { sessionPolicies: sessionPolicies.map((json) => read('session', json)) }),
    ...(grants && { grants }),
    ...(serviceControlPolicies && {
      serviceControlPolicies: serviceControlPolicies.map((level) => level.map((json) => read('service-control', json))),
    }),
    ...(resourceControlPolicies && {
      resourceControlPolicies: resourceControlPolicies.map((json) => read('resource-control', json)),
    }),
    ...(endpointPolicy !== undefined && { endpointPolicy: read('endpoint', endpointPolicy) }),
  };
}

/** Asks what a scenario asks. */
export function decisionOf({ name, given }: Scenario): Decision {
  const layers = layersOf(given);
  if (given.request !== undefined) return evaluate(given.request, layers);
  if (given.operation === undefined) throw new Error(`scenario "${name}" asks for nothing`);
  const resources = Object.entries(given.operation.resources).map(([role, { keyPolicy, ...resource }]) => {
    return [role, { ...resource, ...(keyPolicy !== undefined && { keyPolicy: read('key', keyPolicy) }) }];
  });
  return evaluateOperation({ ...given.operation, resources: Object.fromEntries(resources) }, layers);
}
