import type { Verdict } from '../engine/decision.ts';
import type { SourcePosition } from '../model.ts';
import type { Grantee } from '../report/grantees.ts';

/**
 * What an app gives and takes between two states of it. Plain data in a stable order: as JSON it is what
 * `schema/diff.schema.json` of this package describes.
 */
export interface AccessDiff {
  /** Of the shape of this data; it changes when a member changes its meaning or goes. */
  readonly version: 1;
  /** What to look at first: lockouts, then escalations, then what is replaced. */
  readonly alerts: readonly DiffAlert[];
  /** By key, then by whom it concerns. */
  readonly changes: readonly AccessChange[];
  readonly keys: readonly ThingChange[];
  /** Roles and users. */
  readonly principals: readonly ThingChange[];
  /** What may have changed, and cannot be decided on one side at least. Never among `changes`. */
  readonly undecided: readonly UndecidedChange[];
}

/**
 * What became of access. `narrowed` and `widened` are proved: every request that is allowed on the narrower side is
 * allowed on the other. `changed`: neither could be proved, so it may be more, less, or both.
 */
export type ChangeKind = 'gained' | 'lost' | 'widened' | 'narrowed' | 'changed';

/** A key, by the names that the app has for it. Of the later state, where it is in both. */
export interface KeyReference {
  readonly constructPath: string;
  readonly logicalId: string;
  readonly stack: string;
  /** A file inside the app is relative to its folder. */
  readonly source?: SourcePosition;
}

/** One change for one grantee and key, of all the actions for which it is the same. */
export interface AccessChange {
  readonly change: ChangeKind;
  readonly key: KeyReference;
  readonly grantee: Grantee;
  /** Where a role or user is declared. */
  readonly source?: SourcePosition;
  /** IAM actions with their prefix. */
  readonly actions: readonly string[];
  /** The same for people: `data keys` where it is about all actions of that name, otherwise the action. */
  readonly labels: readonly string[];
  readonly before: StateOfAccess;
  readonly after: StateOfAccess;
  /** Why it is as it now is; for access that is lost with its key or principal, nothing. */
  readonly because: readonly DiffReason[];
  /** Set where it follows from a key or principal that came or went as a whole. */
  readonly cause?: 'key added' | 'key removed' | 'principal added' | 'principal removed';
}

/** Access on one side. */
export interface StateOfAccess {
  /** `absent`: the key or the principal is not there, or no policy speaks of everyone; it allows nothing. */
  readonly verdict: Verdict | 'absent';
  /** `allowed if encryption context "service" is "orders"` */
  readonly text: string;
}

/** One reason of a decision, without the policy itself. */
export interface DiffReason {
  /** For people; may change between releases. */
  readonly text: string;
  /** Name of the policy that decided. */
  readonly policy?: string;
  /** Index of its statement, counted from 1. */
  readonly statement?: number;
  /** What declares the policy or grant. */
  readonly constructPath?: string;
  readonly source?: SourcePosition;
}

/** Something that may have changed. Its reasons are those of the side that is unknown; of after, where both are. */
export interface UndecidedChange extends Omit<AccessChange, 'change' | 'cause'> {}

/**
 * `lockout`: nobody, or not who deploys, can change the key policy any more, or KMS is told not to check that.
 * `escalation`: somebody can newly hand access on, to themselves too. `replacement`: a key or principal is deleted and
 * made anew, and what was about the old one is not about the new one.
 */
export type AlertKind = 'lockout' | 'escalation' | 'replacement';

/** What to look at first. */
export interface DiffAlert {
  readonly kind: AlertKind;
  readonly key?: KeyReference;
  /** Whom it is about. */
  readonly grantee?: Grantee;
  readonly text: string;
  readonly because: readonly DiffReason[];
}

/** A key or principal that came, went, or is another one now. */
export interface ThingChange {
  /** `renamed`: its construct has another path, and CloudFormation keeps the resource. */
  readonly change: 'added' | 'removed' | 'replaced' | 'renamed';
  readonly constructPath: string;
  /** Of before, where it is renamed. */
  readonly formerly?: string;
  readonly logicalId: string;
  readonly stack: string;
  readonly source?: SourcePosition;
}
