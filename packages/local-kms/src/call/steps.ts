import { grantOfToken } from '../state/identify.ts';
import { algorithmsOf } from '../state/key-specs.ts';
import { requireState } from '../state/rules.ts';
import { faults } from '../wire/texts.ts';
import { authorize } from './authorize.ts';
import { checkMembers, type Progress, textOf } from './call.ts';
import { identifyKeys, matchCiphertexts } from './identify-keys.ts';

type Step = (progress: Progress) => void;

/**
 * What happens to a call between validation of its members and its handler, in this order for every operation. Each step
 * reads its part of the operation table and ends the call with a fault, or lets it pass. First what it takes to know which
 * keys a call concerns,
 */
export const IDENTIFYING_STEPS: readonly Step[] = [checkMembers, identifyKeys];

/** and then whether it may and can be done. */
export const DECIDING_STEPS: readonly Step[] = [
  authorize,
  requireGrantTokens,
  matchCiphertexts,
  requireStates,
  requireUsages,
];

/** A token that nobody issued is an error even where no grant is needed. */
function requireGrantTokens({ input, call: { world, region } }: Progress): void {
  const tokens = input['GrantTokens'];
  if (!Array.isArray(tokens)) return;
  for (const token of tokens) grantOfToken(world.store, region, String(token));
}

function requireStates({ operation, keys }: Progress): void {
  const { states } = operation;
  for (const [role, { key }] of keys) requireState(key, typeof states === 'string' ? states : (states[role] ?? 'any'));
}

/** Usage before algorithm, as recorded. */
function requireUsages(progress: Progress): void {
  for (const { role, usage, algorithm } of progress.operation.usages) {
    const key = progress.keys.get(role)?.key;
    if (key === undefined) continue;
    if (key.usage !== usage) throw faults.usage(key.arn, key.usage, progress.call.operation);
    const wanted = textOf(progress, algorithm) ?? 'SYMMETRIC_DEFAULT';
    if (!algorithmsOf(key.spec, usage).includes(wanted)) throw faults.algorithm(wanted, key.spec);
  }
}
