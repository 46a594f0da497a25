import { callerOfEvent } from '../events/event.ts';
import type { Observed } from './observe.ts';

/** What was seen of a call, for the message of a test that expected something else. */
export function inWords(seen: Observed): string {
  if (seen.outcome === 'unseen') {
    const { name, message } = seen.error instanceof Error ? seen.error : { name: undefined, message: '' };
    return name === undefined
      ? 'it is no call to a local KMS of this process'
      : `it is no call to a local KMS of this process: ${name}: ${message}`;
  }
  const { event, reasons, outcome } = seen;
  const { eventName, errorCode, errorMessage, decision } = event;
  const call = `${eventName} by ${callerOfEvent(event) ?? 'nobody who is known'}`;
  switch (outcome) {
    case 'allowed':
      return `${call} was allowed${listed(decision?.reasons ?? [])}`;
    case 'denied':
      return `${call} ${decision?.wouldHaveBeenDenied ? 'passed in mode report, and would have been' : 'was'} denied${listed(reasons)}`;
    case 'undecided':
      return `${call} could not be decided${listed(reasons)}`;
    case 'failed':
      return `${call} failed with ${errorCode}${errorMessage === undefined ? '' : `: ${errorMessage}`}${listed(
        event.explanation === undefined ? [] : [event.explanation],
      )}`;
  }
}

function listed(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : `:${reasons.map((reason) => `\n  - ${reason}`).join('')}`;
}
