import { compile } from '../engine/compile.ts';
import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import { namesCaller } from '../engine/principals.ts';
import type { PolicyLayers } from '../engine/request.ts';
import type { Assembly, KeyModel } from '../model.ts';
import type { Policy, Principals, Statement } from '../policy.ts';
import { contextOfKey, controlLayersFor } from '../questions.ts';
import { type Candidate, candidatesFor } from '../report/grantees.ts';

/** Everybody whom the policies of a key, or the grants on it, speak about, with every policy of the app that counts. */
export function candidatesOn(key: KeyModel, assembly: Assembly): readonly Candidate[] {
  const grants = assembly.grants.filter((one) => one.key === key).map(({ grant }) => grant);
  const grantees = grants.flatMap((grant): readonly Principals[] => [
    ...(grant.granteePrincipal === undefined ? [] : [{ AWS: [grant.granteePrincipal] }]),
    ...(grant.granteeServicePrincipal === undefined ? [] : [{ Service: [grant.granteeServicePrincipal] }]),
  ]);
  // Who is named by a grant only is asked about too: as if the key policy named them, for nothing.
  const statements = [...key.keyPolicy.statements, ...grantees.map(withoutEffect)];
  const asked = { ...key, keyPolicy: { ...key.keyPolicy, statements } };
  const { candidates } = candidatesFor(grants.length === 0 ? key : asked, assembly);
  return candidates.map((candidate) => {
    const layers = grants.length === 0 ? candidate.layers : { ...candidate.layers, grants };
    return { ...candidate, layers: { ...layers, ...controlsOf(candidate, key, assembly) } };
  });
}

function withoutEffect(principals: Principals): Statement {
  return {
    index: 0,
    sid: undefined,
    effect: 'Allow',
    principals,
    notPrincipals: undefined,
    actions: [],
    notActions: undefined,
    resources: [],
    notResources: undefined,
    conditions: [],
  };
}

/** Somebody of outside the app as they stand with the key in its other state: only what the key says differs. */
export function onOtherKey({ layers, ...candidate }: Candidate, key: KeyModel, assembly: Assembly): Candidate {
  const grants = assembly.grants.filter((one) => one.key === key).map(({ grant }) => grant);
  const { grants: _grants, ...others } = layers;
  const asked: PolicyLayers = { ...others, keyPolicy: key.keyPolicy, ...(grants.length > 0 && { grants }) };
  return { ...candidate, layers: { ...asked, ...controlsOf({ ...candidate, layers: asked }, key, assembly) } };
}

function controlsOf({ caller }: Candidate, key: KeyModel, assembly: Assembly): Partial<PolicyLayers> {
  if (assembly.serviceControlPolicies.length === 0 && assembly.resourceControlPolicies.length === 0) return {};
  const callerAccount = caller.type === 'service' ? key.account : caller.account;
  const controls = controlLayersFor(assembly, { callerAccount, keyAccount: key.account });
  return caller.type === 'service' ? { resourceControlPolicies: controls.resourceControlPolicies } : controls;
}

/** What a candidate may do with a key, as far as the app tells. */
export function decide(action: string, { caller, layers }: Candidate, key: KeyModel): Decision {
  const asked = { resource: key.arn, resourceAccount: key.account, context: contextOfKey(key), open: true };
  return evaluate({ ...asked, action, caller }, layers);
}

/**
 * All that a decision hinges on, as text: statements about others and other actions left out. Where it is the same in
 * both states, nothing has changed for the question, whatever is unknown in it.
 */
export function questionText(action: string, { caller, layers }: Candidate, key: KeyModel): string {
  const about = (policy: Policy) => ({
    version: policy.version,
    unreadable: policy.unreadable,
    statements: policy.statements
      .filter((one) => coversAction(policy, one, action) && namesCaller(one, caller) !== 'no')
      .map(({ index: _index, sid: _sid, ...said }) => said),
  });
  const { keyPolicy, permissionsBoundary, serviceControlPolicies = [], resourceControlPolicies = [] } = layers;
  return JSON.stringify([
    caller,
    [key.arn, key.account, contextOfKey(key)],
    keyPolicy === undefined ? null : about(keyPolicy),
    layers.identityPolicies.map((policy) => ({ ...about(policy), ...nameOfUnread(policy) })),
    permissionsBoundary === undefined ? null : { ...about(permissionsBoundary), ...nameOfUnread(permissionsBoundary) },
    serviceControlPolicies.map((level) => level.map(about)),
    resourceControlPolicies.map(about),
    layers.grants ?? null,
  ]);
}

/** A policy that is not in the app is told by its name: another name, another policy. */
function nameOfUnread({ name, unreadable }: Policy): Partial<Policy> {
  return unreadable === undefined ? {} : { name };
}

function coversAction(policy: Policy, statement: Statement, action: string): boolean {
  return compile(policy)
    .covering(statement.effect, action.toLowerCase())
    .some((one) => one.statement === statement);
}
