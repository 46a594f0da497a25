import type { Decision } from './engine/decision.ts';
import { evaluate } from './engine/evaluate.ts';
import type { Assembly, CustomResourceModel, FunctionModel, KeyModel } from './model.ts';
import { callerFor, contextOfKey, contextOfPrincipal, everyLayerFor } from './questions.ts';

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
  const { keys, functions, customResources } = assembly;
  return keys.flatMap((key) =>
    functions.flatMap((fn): readonly AccessChanger[] => {
      const actions = CHANGING.map((action) => ({ action, decision: decide(action, key, fn, assembly) })).flatMap(
        ({ action, decision }) =>
          decision === undefined || decision.verdict === 'denied' ? [] : [{ action, decision }],
      );
      const running = customResources.filter((resource) => resource.functions.includes(fn));
      return actions.length === 0 ? [] : [{ key, function: fn, customResources: running, actions }];
    }),
  );
}

function decide(action: string, key: KeyModel, { role }: FunctionModel, assembly: Assembly): Decision | undefined {
  if (role === undefined) return undefined;
  const context = { ...contextOfKey(key), ...contextOfPrincipal(role) };
  const asked = { resource: key.arn, resourceAccount: key.account, context, open: true };
  return evaluate({ ...asked, action, caller: callerFor(role) }, everyLayerFor(assembly, key, role));
}
