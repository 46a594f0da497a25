import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import type { EndingSignal, Io } from './io.ts';

/** What shells add to a signal's number when it ended a program. */
const ENDED_BY = 128;

/**
 * Does work that leaves things in order when a signal asks it to end. A second signal finds no listener any more, and
 * ends the process at once.
 * @param work - is told by the signal that it gets; it then fails, in any way, or was done already
 * @returns what `work` answers, or 128 and the number of the signal
 */
export async function interruptible(io: Io, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  // Every message that is worked on listens; Node would take many for a mistake.
  setMaxListeners(0, controller.signal);
  let received: EndingSignal | undefined;
  const stop = io.onSignal((signal) => {
    stop();
    received = signal;
    controller.abort();
  });
  try {
    return await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    io.stderr.write('keysmith: interrupted\n');
    return ENDED_BY + constants.signals[received];
  } finally {
    stop();
  }
}
