import type { SourcePosition } from '../model.ts';

/**
 * `error`: certainly not what the author means, or refused at deployment. `warning`: open to more than it has to be, or
 * without effect in part. `note`: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'note';

/** From the gravest to the mildest. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** Something that a rule has to say about one place of an app. Plain data. */
export interface Finding {
  /** Id of the rule, e.g. `key-policy-lockout`. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence. For people: it may change between releases. */
  readonly message: string;
  /** The key, or the principal that has the policy. */
  readonly constructPath: string;
  readonly logicalId: string;
  readonly stack: string;
  readonly source?: SourcePosition;
  /** Name of the policy. */
  readonly policy?: string;
  /** Construct path of the resource that declares the policy, where that is not the principal itself. */
  readonly policyPath?: string;
  /** Number of the statement in the policy, counted from 1. */
  readonly statement?: number;
  /** What to do, in one sentence. */
  readonly fix: string;
  /** Set where somebody has said why the finding may stay. */
  readonly suppressed?: SuppressedBy;
}

/** Why a finding may stay, and where that is said. */
export interface SuppressedBy {
  readonly reason: string;
  /** For example `metadata of Orders/Key`, `keysmith-suppressions.yaml`. */
  readonly where: string;
}
