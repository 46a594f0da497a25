import { MultiBar } from 'cli-progress';
import type { Io } from '../io.ts';
import { printable } from '../render/terminal.ts';
import type { Counts } from './cursor.ts';

/** What somebody who waits gets to see. */
export interface Progress {
  /** @param position - how far it is, in the unit of the total */
  update(position: number, counts: Counts): void;
  /** Says something that stays. */
  tell(text: string): void;
  /** Ends the showing with a last word; nothing moves afterwards. */
  conclude(text: string): void;
}

/** How much there is to do. */
export interface Extent {
  readonly total: number;
  /** Where it begins, when a part was done before. */
  readonly begin: number;
  readonly unit: 'files' | 'bytes';
}

/** How often lines are written where no bar moves. */
const LINES_EVERY_MS = 10_000;

/** A bar on a terminal; elsewhere a line with counts every ten seconds; with `quiet` failures only. */
export function createProgress(io: Io, { total, begin, unit }: Extent, quiet: boolean): Progress {
  const tell = (text: string): void => {
    io.stderr.write(`keysmith: ${printable(text)}\n`);
  };
  if (quiet) return { update: () => {}, tell, conclude: () => {} };
  if (io.stderr.isTTY === true) return bar(io, { total, begin, unit });
  let last = Date.now();
  return {
    update(position, counts) {
      if (Date.now() - last < LINES_EVERY_MS) return;
      last = Date.now();
      tell(`${position} of ${total} ${unit}: ${countsInWords(counts)}`);
    },
    tell,
    conclude: tell,
  };
}

function bar(io: Io, { total, begin, unit }: Extent): Progress {
  const bars = new MultiBar({
    // It needs what a terminal of Node has, and uses no more than this of it.
    stream: io.stderr as NodeJS.WriteStream,
    format: `{bar} {percentage}% of {total} ${unit} | {counts} | {eta_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    linewrap: true,
    // Signals are dealt with elsewhere.
    gracefulExit: false,
  });
  const one = bars.create(total, begin, { counts: '' });
  return {
    update: (position, counts) => one.update(position, { counts: countsInWords(counts) }),
    tell(text) {
      bars.log(`keysmith: ${printable(text)}\n`);
      // At once: what waits for the next moment is lost when the bar is stopped before.
      bars.update();
    },
    conclude(text) {
      bars.stop();
      io.stderr.write(`keysmith: ${text}\n`);
    },
  };
}

/** For example `12 re-encrypted, 3 current, 1 failed`. */
export function countsInWords({ reencrypted, current, failed }: Counts): string {
  return [
    `${reencrypted} re-encrypted`,
    ...(current > 0 ? [`${current} current`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
}
