import type { DecisionRecord, LocalKmsEvent } from '@cdk-keysmith/local-kms';

/** How a call ended: what the policies said, or the error that had nothing to do with them. */
export type Outcome = 'allowed' | 'denied' | 'would be denied' | 'failed';

/** One call to the local KMS, as people want to read about it. */
export interface Call {
  /** Time of day in UTC, as events have it. */
  readonly time: string;
  /** ARN of the role, user or account that called, or name of the AWS service; undefined for a caller that could not be identified. */
  readonly caller: string | undefined;
  readonly operation: string;
  /** ARNs of the keys and aliases that it concerned. */
  readonly resources: readonly string[];
  readonly outcome: Outcome;
  /** In words, what decided first; for a failed call the error. */
  readonly why: readonly string[];
}

export function callOf(event: LocalKmsEvent): Call {
  const { userIdentity, decision } = event;
  const outcome = outcomeOf(event);
  return {
    time: event.eventTime.slice(11, 19),
    // A session's own ARN is new with every run; the role behind it is what the app declares.
    caller: userIdentity.sessionContext?.sessionIssuer.arn ?? userIdentity.arn ?? serviceOf(userIdentity),
    operation: event.eventName,
    resources: event.resources.map(({ ARN }) => ARN),
    outcome,
    why: [
      ...injectedInto(event),
      ...(outcome === 'failed' || decision === undefined ? errorOf(event) : reasonsOf(decision)),
    ],
  };
}

function serviceOf({ type, invokedBy }: LocalKmsEvent['userIdentity']): string | undefined {
  return type === 'AWSService' ? invokedBy : undefined;
}

function outcomeOf({ decision, errorCode }: LocalKmsEvent): Outcome {
  if (decision?.wouldHaveBeenDenied) {
    return 'would be denied';
  }
  if (errorCode === undefined) {
    return 'allowed';
  }
  const refused = decision?.verdict === 'denied' || decision?.verdict === 'unknown';
  return refused || errorCode.startsWith('AccessDenied') ? 'denied' : 'failed';
}

/** First, since whoever looks for the cause of a failure in the app would look in vain. */
function injectedInto({ injectedFaults = [] }: LocalKmsEvent): string[] {
  return injectedFaults.map(({ id, kind }) => `injected: ${kind} (${id})`);
}

/** Whoever reads a denial takes it for a rule, unless told that a policy could not be read. */
function reasonsOf({ verdict, reasons: [first = '', ...others] }: DecisionRecord): string[] {
  return [verdict === 'unknown' ? `could not be decided: ${first}` : first, ...others].filter(
    (reason) => reason !== '',
  );
}

function errorOf({ errorCode, errorMessage, explanation }: LocalKmsEvent): string[] {
  if (errorCode === undefined) {
    return [];
  }
  const error = errorMessage === undefined ? errorCode : `${errorCode}: ${errorMessage}`;
  return explanation === undefined ? [error] : [error, explanation];
}
