import type { Caller, Decision, Grant, Policy } from '@cdk-keysmith/access';

/** What a decision is made from besides caller, action, resource and condition keys. None of these changes as an object. */
export interface Basis {
  /** The policies that come neither with the key nor with the way of the call. */
  readonly besideKey: object;
  readonly keyPolicy: Policy | undefined;
  readonly grants: readonly Grant[];
  readonly endpointPolicy: Policy | undefined;
  readonly resourceAccount: string;
  readonly grantId: string | undefined;
}

/** A decision, and everything that it was made from. */
interface Remembered {
  readonly basis: Basis;
  /** The condition keys that were asked for, and what they were. */
  readonly asked: ReadonlyMap<string, readonly string[] | undefined>;
  readonly decision: Decision;
}

type Find = (name: string) => readonly string[] | undefined;

/** Far more keys than a caller uses for one action; what is beyond is decided anew. */
const MAX_REMEMBERED = 1_000;

/** By caller, which is another object when its policies or tags have changed, then by action, then by resource. */
const REMEMBERED = new WeakMap<Caller, Map<string, Map<string, Remembered>>>();

/**
 * The decision that was made before about the same question, if there is one: from the same policies and grants, and with
 * the same values of the condition keys that it hinged on, the time among them. The engine has the same answer to the
 * same question, so that this is not a guess about how long a decision holds.
 */
export function remembered(
  caller: Caller,
  action: string,
  resource: string,
  basis: Basis,
  find: Find,
): Decision | undefined {
  const before = REMEMBERED.get(caller)?.get(action)?.get(resource);
  if (before === undefined || !sameBasis(before.basis, basis)) return undefined;
  for (const [name, values] of before.asked) if (!sameValues(values, find(name))) return undefined;
  return before.decision;
}

export function remember(caller: Caller, action: string, resource: string, made: Remembered): void {
  const ofCaller = REMEMBERED.get(caller) ?? new Map<string, Map<string, Remembered>>();
  REMEMBERED.set(caller, ofCaller);
  const ofAction = ofCaller.get(action) ?? new Map<string, Remembered>();
  ofCaller.set(action, ofAction);
  if (ofAction.size >= MAX_REMEMBERED) ofAction.clear();
  ofAction.set(resource, made);
}

function sameBasis(a: Basis, b: Basis): boolean {
  return (
    a.besideKey === b.besideKey &&
    a.keyPolicy === b.keyPolicy &&
    a.grants === b.grants &&
    a.endpointPolicy === b.endpointPolicy &&
    a.resourceAccount === b.resourceAccount &&
    a.grantId === b.grantId
  );
}

function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
