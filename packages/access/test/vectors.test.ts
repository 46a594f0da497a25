import { join } from 'node:path';
import {
  type Caller,
  type Decision,
  decisionInWords,
  evaluate,
  type Grant,
  type KmsRequest,
  type PolicyKind,
  type PolicyLayers,
  parsePolicy,
} from '@cdk-keysmith/access';
import { describeWithVectors, readJson } from './support/vectors.ts';

type Effect = 'Allow' | 'ImplicitDeny' | 'ExplicitDeny';

interface Vector {
  readonly id: string;
  readonly title: string;
  readonly basis: 'doc' | 'inference' | 'contested';
  readonly expected: Effect;
  readonly request: {
    readonly principal: {
      readonly type: string;
      readonly arn: string;
      readonly roleArn?: string;
      readonly account: string;
      readonly service?: string;
    };
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount: string;
    readonly key: { readonly keyManager?: 'CUSTOMER' | 'AWS' };
    readonly context: Readonly<Record<string, string | string[] | Record<string, string>>>;
  };
  readonly keyPolicy?: unknown;
  readonly identityPolicies: readonly unknown[];
  readonly permissionsBoundary?: unknown;
  readonly sessionPolicies?: readonly unknown[];
  readonly scps?: readonly (readonly unknown[])[];
  readonly rcps?: readonly (readonly unknown[])[];
  readonly vpcEndpointPolicy?: unknown;
  readonly grants?: readonly GrantEntry[];
}

/** A grant as ListGrants shows it. */
interface GrantEntry {
  readonly GrantId: string;
  readonly KeyId: string;
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Operations: readonly string[];
  readonly Constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
    readonly SourceArn?: string;
  };
}

/**
 * Where AWS's pages contradict each other or are silent: what this engine says, and why. The vectors expect one of the
 * answers; either would do.
 */
const CONTESTED: Readonly<Record<string, { answer: Effect | 'unknown'; why: string }>> = {
  'grant-130': {
    answer: 'unknown',
    why: 'The API reference says that names in a constraint match in any case, the Developer Guide that they match exactly.',
  },
  'grant-134': {
    answer: 'ImplicitDeny',
    why: 'A SourceArn "can also be applied to the DescribeKey operation when specified in the request": here it is, and differs.',
  },
};

function callerOf(principal: Vector['request']['principal']): Caller {
  const { type, arn, account } = principal;
  if (type === 'service') return { type, service: principal.service ?? '' };
  if (type === 'role-session') return { type, arn, roleArn: principal.roleArn ?? '', account };
  return { type: type === 'root' ? 'root' : 'user', arn, account };
}

function requestOf({ request }: Vector): KmsRequest {
  const { principal, action, resource, resourceAccount, key } = request;
  const { encryptionContext, ...keys } = request.context;
  const pairs = Object.entries((encryptionContext ?? {}) as Record<string, string>);
  const context = {
    ...(keys as Record<string, string | string[]>),
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  };
  const caller = callerOf(principal);
  return { action, resource, resourceAccount, context, caller, keyManager: key.keyManager ?? 'CUSTOMER' };
}

function grantOf(entry: GrantEntry): Grant {
  const { EncryptionContextEquals, EncryptionContextSubset, SourceArn } = entry.Constraints ?? {};
  return {
    name: `grant ${entry.GrantId}`,
    id: entry.GrantId,
    key: entry.KeyId,
    operations: entry.Operations,
    ...(entry.GranteePrincipal && { granteePrincipal: entry.GranteePrincipal }),
    ...(entry.GranteeServicePrincipal && { granteeServicePrincipal: entry.GranteeServicePrincipal }),
    ...(entry.RetiringPrincipal && { retiringPrincipal: entry.RetiringPrincipal }),
    ...(entry.RetiringServicePrincipal && { retiringServicePrincipal: entry.RetiringServicePrincipal }),
    constraints: {
      ...(EncryptionContextEquals && { encryptionContextEquals: EncryptionContextEquals }),
      ...(EncryptionContextSubset && { encryptionContextSubset: EncryptionContextSubset }),
      ...(SourceArn && { sourceArn: SourceArn }),
    },
  };
}

function layersOf(vector: Vector): PolicyLayers {
  const read = (kind: PolicyKind) => (json: unknown, index: number) =>
    parsePolicy(json, { name: `the ${kind} policy ${index + 1}`, kind });
  const { keyPolicy, permissionsBoundary, sessionPolicies, scps, rcps, vpcEndpointPolicy, grants } = vector;
  return {
    keyPolicy: keyPolicy ? read('key')(keyPolicy, 0) : undefined,
    identityPolicies: vector.identityPolicies.map(read('identity')),
    ...(permissionsBoundary !== undefined && { permissionsBoundary: read('boundary')(permissionsBoundary, 0) }),
    ...(sessionPolicies && { sessionPolicies: sessionPolicies.map(read('session')) }),
    ...(scps && { serviceControlPolicies: scps.map((level) => level.map(read('service-control'))) }),
    ...(rcps && { resourceControlPolicies: rcps.flat().map(read('resource-control')) }),
    ...(vpcEndpointPolicy !== undefined && { endpointPolicy: read('endpoint')(vpcEndpointPolicy, 0) }),
    ...(grants && { grants: grants.map(grantOf) }),
  };
}

function effectOf({ verdict, explicitDeny }: Decision): string {
  if (verdict === 'allowed') return 'Allow';
  if (verdict === 'denied') return explicitDeny ? 'ExplicitDeny' : 'ImplicitDeny';
  return verdict;
}

describeWithVectors('policy', 'decisions that AWS documents', (folder) => {
  const { count, vectors } = readJson<{ count: number; vectors: Vector[] }>(join(folder, 'kms-authorization.json'));

  it('are read from the vectors, all of them', () => {
    expect(vectors).toHaveLength(count);
    expect(count).toBeGreaterThanOrEqual(93);
  });

  it.each(vectors.map((vector) => [vector.id, vector.title, vector] as const))('%s: %s', (id, _title, vector) => {
    const decision = evaluate(requestOf(vector), layersOf(vector));
    const expected = vector.basis === 'contested' ? CONTESTED[id]?.answer : vector.expected;
    expect({ effect: effectOf(decision), words: decisionInWords(decision) }).toMatchObject({
      effect: expected,
      words: expect.stringMatching(/^(allowed|denied|unknown).*: ./),
    });
  });
});
