import { LocalKmsError } from '../errors.ts';
import { callerOfEvent, type LocalKmsEvent } from '../events/event.ts';
import { inWords } from './in-words.ts';
import { observe } from './observe.ts';
import { outcomeOfEvent, reasonsOfEvent } from './outcome.ts';

/** A call that the policies denied, and why. */
export interface Denial {
  /** For example `Decrypt`. */
  readonly operation: string;
  /** ARN of the role, user or root user that called, or name of the service; undefined where nobody is known. */
  readonly principal: string | undefined;
  /** ARNs of the keys and aliases that the call concerned. */
  readonly resources: readonly string[];
  /** In words, what decided first. */
  readonly reasons: readonly string[];
  /** Everything about the call. */
  readonly event: LocalKmsEvent;
}

/** A call of the SDK that was made, or a function that makes one. */
export type CallOrFunction = PromiseLike<unknown> | (() => unknown);

/**
 * Waits for a call that must be denied, and tells why it was: for every test framework, or none.
 *
 * @param call - a call of a client of the SDK to a local KMS in this process; also what it threw
 * @throws {@link LocalKmsError} `NOT_DENIED`, saying what happened instead: it was allowed, failed for another reason, or a
 * policy could not be decided
 */
export async function denialOf(call: CallOrFunction): Promise<Denial> {
  const seen = await observe(call);
  if (seen.outcome !== 'denied') {
    throw new LocalKmsError('NOT_DENIED', `the call was to be denied, but ${inWords(seen)}`);
  }
  return denialIn(seen.event);
}

/** The latest of the events that is of a denied call. */
export function lastDenialIn(events: readonly LocalKmsEvent[]): Denial | undefined {
  const event = events.findLast((one) => outcomeOfEvent(one) === 'denied');
  return event && denialIn(event);
}

function denialIn(event: LocalKmsEvent): Denial {
  const { eventName, resources } = event;
  return {
    operation: eventName,
    principal: callerOfEvent(event),
    resources: resources.map(({ ARN }) => ARN),
    reasons: reasonsOfEvent(event),
    event,
  };
}
