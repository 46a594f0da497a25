import type { LocalKmsEvent } from './event.ts';

/** Far more calls than a test waits for at a time. */
const MAX_RECENT = 1000;

/**
 * Events of the latest calls to every local KMS of this process, in a ring. The error that the SDK throws, and its answers,
 * hold the request id and nothing else that leads to the event.
 */
const recent: LocalKmsEvent[] = [];
let next = 0;

export function rememberEvent(event: LocalKmsEvent): void {
  recent[next] = event;
  next = (next + 1) % MAX_RECENT;
}

/** Searched from the latest on: every call is remembered, and few are asked for. */
export function eventOfRequest(requestId: string): LocalKmsEvent | undefined {
  for (let back = 1; back <= recent.length; back += 1) {
    const event = recent[(next - back + MAX_RECENT) % MAX_RECENT];
    if (event?.requestID === requestId) return event;
  }
  return undefined;
}
