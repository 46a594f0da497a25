import type { Decision } from './engine/decision.ts';
import { evaluate } from './engine/evaluate.ts';
import type { Assembly, CustomResourceModel, FunctionModel, KeyModel, PrincipalModel } from './model.ts';
import { callerOf, contextOfKey, contextOfPrincipal, everyLayerFor } from './questions.ts';
import { type Reach, reachOf } from './report/reach.ts';

/** Actions after which a key policy, or the grants on a key, may be others than the template says. */
const CHANGING = ['kms:PutKeyPolicy', 'kms:CreateGrant'] as const;

/** Code of the app that may change who can use a key. */
export interface AccessChanger {
  readonly key: KeyModel;
  /** The function whose code may do it, at run time. */
  readonly function: FunctionModel;
  /** Custom resources that run the function: through them it may happen at every deployment. */
  readonly customResources: readonly CustomResourceModel[];
  /** What it may do, in a fixed order; never denied. `unknown` where policies of its role are not known. */
  readonly actions: readonly { readonly action: (typeof CHANGING)[number]; readonly decision: Decision }[];
}

/**
 * Functions of the app that may change the policy of a key or make grants on it, so that a static view of the key may
 * not be the deployed one. Functions whose role is of elsewhere are left out: nothing is known of them.
 */
export function accessChangers(assembly: Assembly): readonly AccessChanger[] {
  return changersWithin(assembly, reachOf(assembly));
}

export function changersWithin(assembly: Assembly, reach: Reach): readonly AccessChanger[] {
  const { keys, functions, customResources } = assembly;
  const running = new Map<PrincipalModel | undefined, FunctionModel[]>();
  for (const fn of functions) running.set(fn.role, [...(running.get(fn.role) ?? []), fn]);
  const places = new Map(functions.map((fn, place) => [fn, place]));
  return keys.flatMap((key) => {
    const near = reach(key).flatMap((role) => running.get(role) ?? []);
    near.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    return near.flatMap((fn): readonly AccessChanger[] => {
      const actions = CHANGING.map((action) => ({ action, decision: decide(action, key, fn, assembly) })).flatMap(
        ({ action, decision }) =>
          decision === undefined || decision.verdict === 'denied' ? [] : [{ action, decision }],
      );
      if (actions.length === 0) return [];
      const by = customResources.filter((resource) => resource.functions.includes(fn));
      return [{ key, function: fn, customResources: by, actions }];
    });
  });
}

function decide(action: string, key: KeyModel, { role }: FunctionModel, assembly: Assembly): Decision | undefined {
  if (role === undefined) return undefined;
  const context = { ...contextOfKey(key), ...contextOfPrincipal(role) };
  const asked = { resource: key.arn, resourceAccount: key.account, context, open: true };
  return evaluate({ ...asked, action, caller: callerOf(role) }, everyLayerFor(assembly, key, role));
}
