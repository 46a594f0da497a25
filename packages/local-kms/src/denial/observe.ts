import type { LocalKmsEvent } from '../events/event.ts';
import { eventOfRequest } from '../events/recent.ts';
import { type CallOutcome, outcomeOfEvent, reasonsOfEvent } from './outcome.ts';

/** What was seen of a call. */
export type Observed =
  | { readonly outcome: CallOutcome; readonly event: LocalKmsEvent; readonly reasons: readonly string[] }
  /** There is no event of it here: it is no call, or one to another process. */
  | { readonly outcome: 'unseen'; readonly event: undefined; readonly error: unknown };

/** @param received - a promise of a call, a function that makes it, or what it resolved to or threw */
export async function observe(received: unknown): Promise<Observed> {
  const result = await settled(received);
  const requestId = requestIdOf(result);
  const event = requestId === undefined ? undefined : eventOfRequest(requestId);
  return event === undefined
    ? { outcome: 'unseen', event, error: result }
    : { outcome: outcomeOfEvent(event), event, reasons: reasonsOfEvent(event) };
}

async function settled(received: unknown): Promise<unknown> {
  try {
    return await (typeof received === 'function' ? received() : received);
  } catch (error) {
    return error;
  }
}

/** The SDK keeps it in answers and errors alike; what wraps an error keeps that as its cause. */
function requestIdOf(result: unknown): string | undefined {
  for (let one = result, depth = 0; isRecord(one) && depth < MAX_CAUSES; one = one['cause'], depth++) {
    const metadata = one['$metadata'];
    const id = isRecord(metadata) ? metadata['requestId'] : undefined;
    if (typeof id === 'string') return id;
  }
  return undefined;
}

const MAX_CAUSES = 10;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
