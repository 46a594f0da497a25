import type { EncryptionContext } from '@cdk-keysmith/envelope';
import type { Io } from '../../io.ts';
import type { Counts, Cursor } from '../cursor.ts';
import { countsInWords } from '../progress.ts';
import type { Reencryption } from './files-job.ts';

/** What is asked for. */
export interface Order {
  readonly paths: readonly string[];
  readonly how: Reencryption;
  /** Everything besides the paths that decides what is done. */
  readonly what: object;
  readonly context: EncryptionContext;
  /** File of the cursor. */
  readonly cursor: string | undefined;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Says that nothing is left to do. */
export function finishedBefore<After>({ counts }: Cursor<After>, { cursor, quiet }: Order, io: Io): Counts {
  if (!quiet) {
    io.stderr.write(`keysmith: finished before, with ${countsInWords(counts)}; remove ${cursor} to begin anew\n`);
  }
  return counts;
}
