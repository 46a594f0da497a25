import type { LocalKmsEvent } from '../events/event.ts';

/**
 * What became of a call. `denied` is also what mode `report` let pass and would have denied; `undecided` is a denial for
 * want of knowledge: a policy could not be decided.
 */
export type CallOutcome = 'allowed' | 'denied' | 'undecided' | 'failed';

export function outcomeOfEvent({ decision, errorCode }: LocalKmsEvent): CallOutcome {
  const refused = decision?.wouldHaveBeenDenied === true || errorCode?.startsWith('AccessDenied') === true;
  if (!refused) return errorCode === undefined ? 'allowed' : 'failed';
  return decision?.verdict === 'unknown' ? 'undecided' : 'denied';
}

/** In words, what decided; where no policy was asked, what the answer does not tell. */
export function reasonsOfEvent({ decision, explanation, errorMessage }: LocalKmsEvent): readonly string[] {
  const reasons = decision?.verdict === 'allowed' ? [] : (decision?.reasons ?? []);
  const told = [...reasons, ...(explanation === undefined ? [] : [explanation])];
  return told.length === 0 && errorMessage !== undefined ? [errorMessage] : told;
}
