import type { Policy } from '../policy.ts';
import type { Tri } from '../symbolic/tri.ts';
import { compile } from './compile.ts';
import { controlledByOrganization, controlledByResource } from './control-policies.ts';
import type { Reason, ResidualCondition } from './decision.ts';
import { matchNamed, truthOfMatch, unreadableTruth } from './layer.ts';
import type { KmsRequest, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import type { Truth } from './truth.ts';

/** The policies that can deny a request. */
export interface Deniers {
  readonly certain: readonly Policy[];
  /** Policies of which it is not known whether they apply. */
  readonly doubtful: readonly Policy[];
}

/**
 * Every policy that can deny the request.
 *
 * @param onKey - whether it is about a key: only then do the policies of the key count. Those for `kms:RetireGrant` are
 *   not about the key but about the grant: key policies and resource control policies have no effect on it.
 */
export function deniersOf(layers: PolicyLayers, request: KmsRequest, onKey: boolean): Deniers {
  const { keyPolicy, identityPolicies, permissionsBoundary, sessionPolicies = [], endpointPolicy } = layers;
  const { serviceControlPolicies = [], resourceControlPolicies = [] } = layers;
  const certain: Policy[] = [];
  if (onKey && keyPolicy !== undefined) certain.push(keyPolicy);
  const doubtful: Policy[] = [];
  // Not for AWS managed keys.
  if (onKey && request.keyManager !== 'AWS' && resourceControlPolicies.length > 0) {
    placeOf(controlledByResource(request.caller), certain, doubtful)?.push(...resourceControlPolicies);
  }
  certain.push(...identityPolicies, ...sessionPolicies);
  if (permissionsBoundary !== undefined) certain.push(permissionsBoundary);
  if (endpointPolicy !== undefined) certain.push(endpointPolicy);
  if (serviceControlPolicies.length > 0) {
    const place = placeOf(controlledByOrganization(request.caller), certain, doubtful);
    for (const level of serviceControlPolicies) place?.push(...level);
  }
  return { certain, doubtful };
}

/** Where policies belong that apply, that may apply, or that do not. */
function placeOf(applies: Tri, certain: Policy[], doubtful: Policy[]): Policy[] | undefined {
  return applies === 'no' ? undefined : applies === 'yes' ? certain : doubtful;
}

/** A Deny statement that certainly applies, or what must hold for none to apply. */
export type Denials =
  | { readonly explicit: Reason }
  | { readonly explicit: undefined; readonly spared: readonly Truth[] };

export function denials({ certain, doubtful }: Deniers, question: Question): Denials {
  const spared: Truth[] = [];
  for (const policy of certain) {
    for (const truth of denyTruths(policy, question)) {
      if (truth.is === 'yes' && truth.because[0] !== undefined) return { explicit: truth.because[0] };
      if (truth.is === 'unknown') spared.push(truth);
      if (truth.is === 'if') spared.push(unless(truth));
    }
    spared.push(...unreadableTruth(policy));
  }
  for (const policy of doubtful) {
    const truths = [...denyTruths(policy, question), ...unreadableTruth(policy)];
    for (const truth of truths) if (truth.is !== 'no') spared.push(perhaps(policy));
  }
  return { explicit: undefined, spared };
}

function denyTruths(policy: Policy, question: Question): readonly Truth[] {
  return compile(policy)
    .covering('Deny', question.action)
    .map((one) => truthOfMatch(matchNamed(one, question), 'explicit-deny', `denies ${question.request.action}`));
}

function perhaps(policy: Policy): Truth {
  const text = `whether ${policy.name} applies to the caller is known after deployment only`;
  return { is: 'unknown', because: [{ code: 'unknown-value', text, policy }] };
}

/** A Deny that hinges on open conditions spares the request when one of them does not hold. */
function unless(truth: Truth & { is: 'if' }): Truth {
  const ways = truth.ways.map(({ residual }) => ({
    residual: residual.map((one): ResidualCondition => ({ ...one, negated: true, text: `unless ${one.text}` })),
    because: [],
  }));
  return { is: 'if', ways };
}
