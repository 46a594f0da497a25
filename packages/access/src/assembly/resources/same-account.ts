import { equalValues } from '../../symbolic/match.ts';
import { partsOf } from '../../symbolic/text.ts';
import type { Tri } from '../../symbolic/tri.ts';
import type { Value } from '../../value.ts';

/**
 * Whether a name means the same thing said in one account and in another. Names of roles, users and groups are unique
 * within an account only; what `Ref` gives is the name of that very resource.
 */
export function sameByName(name: Value, saidIn: Value, declaredIn: Value): Tri {
  const isOfResource = partsOf(name).some((part) => typeof part !== 'string' && part.kind === 'attribute');
  return isOfResource ? 'yes' : equalValues(saidIn, declaredIn);
}
