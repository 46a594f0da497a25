import type { Caller, Decision, PolicyLayers } from '@cdk-keysmith/access';

/** A decision, and everything that it was made from. */
interface Remembered {
  readonly layers: PolicyLayers;
  /** The condition keys that were asked for, and what they were. */
  readonly asked: ReadonlyMap<string, readonly string[] | undefined>;
  readonly decision: Decision;
}

type Find = (name: string) => readonly string[] | undefined;

/** Far more than a caller uses keys; what is beyond is decided anew. */
const MAX_REMEMBERED = 1_000;

/** By caller, which is another object when its policies or tags have changed, then by action and key. */
const REMEMBERED = new WeakMap<Caller, Map<string, Remembered>>();

/**
 * The decision that was made before about the same question, if there is one: about the same policies and grants, which
 * never change as objects, and with the same values of the condition keys that it hinged on, the time among them. The
 * engine has the same answer to the same question, so that this is not a guess about how long a decision holds.
 *
 * @param about - action, resource and whatever else the engine is told besides layers and condition keys
 */
export function remembered(caller: Caller, about: string, layers: PolicyLayers, find: Find): Decision | undefined {
  const before = REMEMBERED.get(caller)?.get(about);
  if (before === undefined || !sameLayers(before.layers, layers)) return undefined;
  for (const [name, values] of before.asked) if (!sameValues(values, find(name))) return undefined;
  return before.decision;
}

export function remember(caller: Caller, about: string, made: Remembered): void {
  const ofCaller = REMEMBERED.get(caller) ?? new Map<string, Remembered>();
  REMEMBERED.set(caller, ofCaller);
  if (ofCaller.size >= MAX_REMEMBERED) ofCaller.clear();
  ofCaller.set(about, made);
}

function sameLayers(a: PolicyLayers, b: PolicyLayers): boolean {
  return (
    a.keyPolicy === b.keyPolicy &&
    a.identityPolicies === b.identityPolicies &&
    a.permissionsBoundary === b.permissionsBoundary &&
    a.sessionPolicies === b.sessionPolicies &&
    a.grants === b.grants &&
    a.serviceControlPolicies === b.serviceControlPolicies &&
    a.resourceControlPolicies === b.resourceControlPolicies &&
    a.endpointPolicy === b.endpointPolicy
  );
}

function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
