import type { Io } from '../../io.ts';
import { type Counts, openCursor } from '../cursor.ts';
import { resolved } from '../files.ts';
import { createProgress } from '../progress.ts';
import { rootsOf, type Walk, walk } from '../walk.ts';
import { filesJob, isAfterFile } from './files-job.ts';
import { runJob } from './job.ts';
import { finishedBefore, type Order } from './order.ts';

/**
 * Re-encrypts files and what is in folders, each file in its place.
 * @param suffix - of names in folders; other files there are left out
 */
export async function runFiles(order: Order, suffix: string | undefined, io: Io): Promise<Counts> {
  const { how, what, context, quiet, signal } = order;
  const roots = await rootsOf(order.paths);
  const cursor = order.cursor === undefined ? undefined : await openCursor(order.cursor, { roots, what }, isAfterFile);
  const noted = cursor?.noted;
  if (noted?.finished === true) return finishedBefore(noted, order, io);
  const walked: Walk = { roots, suffix, except: cursor && (await resolved(cursor.path)) };
  const total = quiet ? 0 : await countOf(walked, signal);
  const progress = createProgress(io, { total, begin: noted?.counts.done ?? 0, unit: 'files' }, quiet);
  const { tell } = progress;
  const onLeftOut = (path: string) => tell(`${path}: it is neither a file nor a folder, and was left out`);
  const job = filesJob({ ...walked, after: noted?.after ?? undefined, onLeftOut }, order.paths, context, how, tell);
  return runJob(job, { cursor, progress, signal });
}

async function countOf(walked: Walk, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const _file of walk(walked)) {
    signal.throwIfAborted();
    count++;
  }
  return count;
}
