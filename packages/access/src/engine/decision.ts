import type { Grant } from '../grant.ts';
import type { Condition, Policy, Statement } from '../policy.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * `allowed-if`: under conditions that only the request will tell, see {@link Decision.residual}.
 * `unknown`: something that is not in the question decides; the reasons say what. Never take it for "denied" or "allowed".
 */
export type Verdict = 'allowed' | 'allowed-if' | 'denied' | 'unknown';

/** A decision and why. Reasons are ordered: what decided first. */
export interface Decision {
  readonly verdict: Verdict;
  /** True when a Deny statement decided, which no Allow can overrule. */
  readonly explicitDeny: boolean;
  readonly reasons: readonly Reason[];
  /** For `allowed-if`: all of these must hold in the request. */
  readonly residual: readonly ResidualCondition[];
  /** Further ways to be allowed, where there are any: all of any one list must hold instead of `residual`. */
  readonly alternatives?: readonly (readonly ResidualCondition[])[];
}

/** Why a decision is as it is. */
export interface Reason {
  readonly code: ReasonCode;
  /** One sentence in words, naming statement and policy. For people: it may change between releases. */
  readonly text: string;
  /** The policy and the statement that decided, where one did. */
  readonly policy?: Policy;
  readonly statement?: Statement;
  /** The grant that decided, where one did. */
  readonly grant?: Grant;
  /** The conditions that were not met, where one statement or grant nearly allowed. */
  readonly failedConditions?: readonly Condition[];
}

/** What one statement or grant asks of the request, where the question leaves the request open. */
export interface ResidualCondition {
  /** The open conditions: all hold, or, where `negated`, at least one does not. */
  readonly conditions: readonly Condition[];
  /** True for a Deny statement: the request must not meet the conditions. */
  readonly negated: boolean;
  readonly policy?: Policy;
  readonly statement?: Statement;
  readonly grant?: Grant;
  /** In words: `encryption context "service" is "orders"`. */
  readonly text: string;
}
