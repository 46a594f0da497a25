import { join } from 'node:path';
import {
  type Caller,
  type Decision,
  decisionInWords,
  evaluate,
  type PolicyLayers,
  parsePolicy,
} from '@cdk-keysmith/access';
import { describeWithVectors, readJson } from './support/vectors.ts';

interface Vector {
  readonly id: string;
  readonly category: string;
  readonly title: string;
  readonly basis: 'doc' | 'inference' | 'contested';
  readonly expected: 'Allow' | 'ImplicitDeny' | 'ExplicitDeny';
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
    readonly context: Record<string, string | string[]>;
  };
  readonly keyPolicy: unknown;
  readonly identityPolicies: readonly unknown[];
  readonly permissionsBoundary?: unknown;
  readonly sessionPolicies?: readonly unknown[];
}

/** What this version decides; service control policies, resource control policies, endpoints and grants are not yet. */
const COVERED = [
  'same',
  'star',
  'notprincipal',
  'boundary',
  'session',
  'xacct',
  'xacct-op',
  'iam-only',
  'service',
  'cond',
];

function callerOf(principal: Vector['request']['principal']): Caller {
  const { type, arn, account } = principal;
  if (type === 'service') return { type, service: principal.service ?? '' };
  if (type === 'role-session') return { type, arn, roleArn: principal.roleArn ?? '', account };
  return { type: type === 'root' ? 'root' : 'user', arn, account };
}

function layersOf(vector: Vector): PolicyLayers {
  return {
    keyPolicy: vector.keyPolicy ? parsePolicy(vector.keyPolicy, { name: 'the key policy', kind: 'key' }) : undefined,
    identityPolicies: vector.identityPolicies.map((policy, index) =>
      parsePolicy(policy, { name: `identity policy ${index + 1}`, kind: 'identity' }),
    ),
    ...(vector.permissionsBoundary !== undefined && {
      permissionsBoundary: parsePolicy(vector.permissionsBoundary, { name: 'the boundary', kind: 'boundary' }),
    }),
    ...(vector.sessionPolicies !== undefined && {
      sessionPolicies: vector.sessionPolicies.map((policy) =>
        parsePolicy(policy, { name: 'the session policy', kind: 'session' }),
      ),
    }),
  };
}

function effectOf({ verdict, explicitDeny }: Decision): string {
  if (verdict === 'allowed') return 'Allow';
  if (verdict === 'denied') return explicitDeny ? 'ExplicitDeny' : 'ImplicitDeny';
  return verdict;
}

describeWithVectors('policy', 'decisions that AWS documents', (folder) => {
  const { vectors } = readJson<{ vectors: Vector[] }>(join(folder, 'kms-authorization.json'));
  const covered = vectors.filter(({ category }) => COVERED.includes(category));

  it('are read from the vectors', () => expect(covered.length).toBeGreaterThan(60));

  it.each(covered.map((vector) => [vector.id, vector.title, vector] as const))('%s: %s', (_id, _title, vector) => {
    const { principal, action, resource, resourceAccount, context } = vector.request;
    const request = { action, resource, resourceAccount, context, caller: callerOf(principal) };
    const decision = evaluate(request, layersOf(vector));
    const effect = effectOf(decision);
    // Where AWS's pages contradict each other any answer stands, but it must be one.
    const accepted =
      vector.basis === 'contested' ? ['Allow', 'ImplicitDeny', 'ExplicitDeny', 'unknown'] : [vector.expected];
    expect({ accepted: accepted.includes(effect), effect, words: decisionInWords(decision) }).toMatchObject({
      accepted: true,
      words: expect.stringMatching(/^(allowed|denied|unknown).*: ./),
    });
  });
});
