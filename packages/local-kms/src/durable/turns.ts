import type { LocalKmsEvent } from '../events/event.ts';
import { Fault } from '../wire/fault.ts';
import { writeFault } from '../wire/json.ts';
import type { Outcome, Postponed } from '../wire/message.ts';

type Performed = Outcome | Postponed;

/** Lets calls take their turns, so that no answer leaves before what it tells is kept. */
export interface Turns {
  /** Performs a call when its turn comes, and gives its outcome once everything that it changed is kept. */
  take(perform: () => Performed): Promise<Performed>;
  /** The event of a call. It is delivered when the outcome of its call is known, and tells that. */
  hold(event: LocalKmsEvent, deliver: (event: LocalKmsEvent) => void): void;
  /** Keeps what was changed beside calls. @throws where it cannot be kept */
  settle(): Promise<void>;
}

/** What turns need of a state. */
export interface Keeper {
  /** Makes memory and disk agree again, if they might not. @throws where they cannot be */
  ready(): Promise<void>;
  /** Keeps what the calls changed. @throws where it cannot be; memory is then not to be used before it is ready */
  keep(): Promise<void>;
}

interface Waiting {
  /** Left out: there is no call, only something to keep. */
  readonly perform?: () => Performed;
  readonly done: (outcome: Performed | undefined, error?: unknown) => void;
}

type Held = readonly [event: LocalKmsEvent, deliver: (event: LocalKmsEvent) => void];

/**
 * Calls that arrive while a write is on its way wait, and are then performed one after another and kept by one write: so no
 * call ever sees what is not kept, but for the calls of its own turn, with which it succeeds or fails.
 */
export function createTurns({ ready, keep }: Keeper): Turns {
  let waiting: Waiting[] = [];
  let running = false;
  let held: Held[] | undefined;

  const performAll = (calls: readonly Waiting[], events: Held[]): readonly (Performed | undefined)[] => {
    held = events;
    try {
      return calls.map(({ perform }) => perform?.());
    } finally {
      held = undefined;
    }
  };

  const turn = async (calls: readonly Waiting[]): Promise<void> => {
    const events: Held[] = [];
    let outcomes: readonly (Performed | undefined)[] | undefined;
    try {
      await ready();
      outcomes = performAll(calls, events);
      await keep();
      for (const [event, deliver] of events) deliver(event);
      for (const [index, { done }] of calls.entries()) done(outcomes[index]);
    } catch (error) {
      // Where memory cannot be used, calls are performed for their events alone: what they change is gone when it can be.
      outcomes ??= performAll(calls, events);
      const why = error instanceof Error ? error.message : String(error);
      for (const [event, deliver] of events) deliver(failedEvent(event, why));
      for (const [index, { done }] of calls.entries()) done(failed(outcomes[index]), error);
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const calls = waiting;
      waiting = [];
      try {
        await turn(calls);
      } catch (error) {
        // A defect. Its calls must not wait for ever.
        for (const { done } of calls) done(failed(undefined), error);
      }
    }
    running = false;
  };

  const wait = (one: Waiting): void => {
    waiting.push(one);
    if (!running) void run();
  };

  return {
    take: (perform) =>
      new Promise((resolve) => {
        wait({ perform, done: (outcome) => resolve(outcome ?? failed(undefined)) });
      }),
    hold(event, deliver) {
      if (held === undefined) deliver(event);
      else held.push([event, deliver]);
    },
    settle: () =>
      new Promise((resolve, reject) => {
        wait({ done: (_outcome, error) => (error === undefined ? resolve() : reject(error)) });
      }),
  };
}

/** What a client gets instead of an answer whose changes could not be kept. What was postponed has made none. */
function failed(outcome: Performed | undefined): Performed {
  if (outcome !== undefined && 'until' in outcome) return outcome;
  const { answer, afterMillis } = outcome ?? { answer: undefined, afterMillis: 0 };
  if (answer !== undefined && !('body' in answer)) return { answer, afterMillis };
  const { status, headers, body } = writeFault(new Fault('KMSInternalException'));
  return { answer: { status, headers: { ...answer?.headers, ...headers }, body }, afterMillis };
}

function failedEvent(event: LocalKmsEvent, why: string): LocalKmsEvent {
  const { errorMessage: _text, additionalEventData: _data, ...rest } = event;
  return { ...rest, errorCode: 'KMSInternalException', responseElements: null, explanation: why };
}
