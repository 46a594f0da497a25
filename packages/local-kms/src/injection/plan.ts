import type { Principal } from '../identity/principal.ts';
import type { Key } from '../state/key.ts';
import type { FaultKind, InjectedFault, InjectedFaultRecord } from './injection.ts';

/** What a call is matched by, as far as it is known: a call that fails early names no key, or nobody. */
export interface CallFacts {
  readonly operation: string;
  readonly principal: Principal | undefined;
  readonly keys: readonly Key[];
}

/** A fault that a call meets. */
export interface MetFault {
  readonly fault: FaultKind;
  /** Counts the call as befallen. */
  readonly fire: () => InjectedFaultRecord;
}

/** The faults that are being injected, in the order in which they were declared. */
export interface FaultPlan {
  /** Whether there is none at all. */
  readonly isEmpty: boolean;
  /** @throws {@link LocalKmsError} `INVALID_OPTION`, naming everything that is wrong */
  inject(given: unknown): InjectedFault;
  list(): readonly InjectedFault[];
  /**
   * The faults that a call meets: every latency up to the first fault of another kind, and that one. A latency delays
   * the call and lets it go on; any other decides about it, so that nothing after it can.
   */
  meet(call: CallFacts): readonly MetFault[];
  removeAll(): void;
}
