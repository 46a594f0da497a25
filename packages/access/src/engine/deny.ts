import type { Policy } from '../policy.ts';
import { anyTri } from '../symbolic/tri.ts';
import type { Reason, ResidualCondition } from './decision.ts';
import { matchesOf, truthOfMatch, unreadableTruth } from './layer.ts';
import { matchPrincipals } from './principals.ts';
import type { PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import type { Truth } from './truth.ts';
import { statementInWords } from './words.ts';

/** Every policy that can deny. */
export function policiesOf(layers: PolicyLayers): readonly Policy[] {
  const { keyPolicy, identityPolicies, permissionsBoundary, sessionPolicies = [] } = layers;
  const optional = [keyPolicy, permissionsBoundary].filter((policy) => policy !== undefined);
  return [...optional, ...identityPolicies, ...sessionPolicies];
}

/** A Deny statement that certainly applies, or what must hold for none to apply. */
export type Denials =
  | { readonly explicit: Reason }
  | { readonly explicit: undefined; readonly spared: readonly Truth[] };

export function denials(policies: readonly Policy[], question: Question): Denials {
  const { action, caller } = question.request;
  const spared: Truth[] = policies.flatMap(unreadableTruth);
  const matches = matchesOf(policies, 'Deny', question, (statement) => {
    const anybody = statement.principals === undefined && statement.notPrincipals === undefined;
    return anybody ? 'yes' : anyTri(Object.values(matchPrincipals(statement, caller)));
  });
  for (const match of matches) {
    const { policy, statement } = match;
    const truth = truthOfMatch(match, 'explicit-deny', `${statementInWords(policy, statement)} denies ${action}`);
    if (truth.is === 'yes' && truth.because[0] !== undefined) return { explicit: truth.because[0] };
    if (truth.is === 'unknown') spared.push(truth);
    if (truth.is === 'if') spared.push(unless(truth));
  }
  return { explicit: undefined, spared };
}

/** A Deny that hinges on open conditions spares the request when one of them does not hold. */
function unless(truth: Truth & { is: 'if' }): Truth {
  const ways = truth.ways.map(({ residual }) => ({
    residual: residual.map((one): ResidualCondition => ({ ...one, negated: true, text: `unless ${one.text}` })),
    because: [],
  }));
  return { is: 'if', ways };
}
