import type { ReencryptStep } from '@cdk-keysmith/envelope';
import { type Counts, type CursorFile, NO_COUNTS } from '../cursor.ts';
import { endsAll, failureOf, inWords } from '../failure.ts';
import { countsInWords, type Progress } from '../progress.ts';

/** Something that holds a message. */
export interface Holder {
  /** What it is called when something is said about it. */
  readonly name: string;
}

/** Messages to re-encrypt, and what becomes of each. Every record is stored or kept, in the order of the steps. */
export interface Job<R extends Holder, After> {
  readonly steps: AsyncIterable<ReencryptStep<R, unknown>>;
  /** Puts a new message in the place of the old one. `false`: somebody else has changed it meanwhile. */
  store(record: R, message: Uint8Array): Promise<boolean>;
  /** Leaves a message as it is. */
  keep(record: R): Promise<void>;
  /** How far it is, in the unit of the progress. */
  position(counts: Counts): number;
  /** Makes everything so far durable, and says where to go on after it. */
  durable(): Promise<After>;
  /** Called when all records are done: writes what follows the last one. */
  complete(): Promise<void>;
  /** Called when that is durable and noted: puts the whole in its place. */
  finish(): Promise<void>;
}

/** What a run works with. */
export interface Run<After> {
  /** Absent: nothing is noted, and a run that is interrupted begins anew. */
  readonly cursor: CursorFile<After> | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** How often the cursor is noted. What was done since is done again after a crash, and nothing is lost by that. */
const NOTE_EVERY_MS = 1_000;

/**
 * Does a job to its end, or until it is interrupted: then what was done is noted, and the next run goes on from there.
 * @returns what became of the messages, those of earlier runs included
 * @throws {@link CliError} the failure that ends everything, or the reason of the signal
 */
export async function runJob<R extends Holder, After>(job: Job<R, After>, run: Run<After>): Promise<Counts> {
  const { cursor, progress, signal } = run;
  let counts = cursor?.noted?.counts ?? NO_COUNTS;
  let noted = Date.now();
  let conclusion = cursor === undefined ? ', not finished' : '; give the same --cursor again to go on';
  const note = async (finished: boolean): Promise<void> => {
    if (cursor === undefined) return;
    await cursor.note({ after: await job.durable(), counts, finished });
    noted = Date.now();
  };
  try {
    for await (const step of job.steps) {
      if (signal.aborted) break;
      const outcome = await settle(job, step, progress);
      counts = { ...counts, done: counts.done + 1, [outcome]: counts[outcome] + 1 };
      progress.update(job.position(counts), counts);
      if (Date.now() - noted >= NOTE_EVERY_MS) await note(false);
    }
    signal.throwIfAborted();
    await job.complete();
    await note(false);
    await job.finish();
    await note(true);
    conclusion = '';
    return counts;
  } catch (error) {
    // A cursor that cannot be noted either stays where it was: more is then done twice, and nothing is left out.
    await note(false).catch(() => {});
    throw error;
  } finally {
    progress.conclude(countsInWords(counts) + conclusion);
  }
}

async function settle<R extends Holder, After>(
  job: Job<R, After>,
  step: ReencryptStep<R, unknown>,
  progress: Progress,
): Promise<'reencrypted' | 'current' | 'failed'> {
  const { record } = step;
  if (step.outcome === 'reencrypted') {
    if (await job.store(record, step.message)) return 'reencrypted';
    progress.tell(`${record.name}: it has changed since it was read, and was left as it is`);
    return 'failed';
  }
  if (step.outcome === 'failed') {
    if (endsAll(step.error)) throw failureOf(record.name, step.error);
    progress.tell(`${record.name}: ${inWords(step.error)}`);
  }
  await job.keep(record);
  return step.outcome;
}
