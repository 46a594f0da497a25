import type { LocalKmsEvent } from './event.ts';

/** Far more calls than a test waits for at a time. */
const MAX_RECENT = 1000;

/**
 * Events of the latest calls to every local KMS of this process, by request id. The error that the SDK throws, and its
 * answers, hold the request id and nothing else that leads to the event.
 */
const recent = new Map<string, LocalKmsEvent>();

export function rememberEvent(event: LocalKmsEvent): void {
  recent.delete(event.requestID);
  recent.set(event.requestID, event);
  const oldest = recent.size > MAX_RECENT ? recent.keys().next().value : undefined;
  if (oldest !== undefined) recent.delete(oldest);
}

export function eventOfRequest(requestId: string): LocalKmsEvent | undefined {
  return recent.get(requestId);
}
