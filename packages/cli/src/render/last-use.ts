import { type Answer, judge } from '../last-use/answer.ts';
import { grid } from './grid.ts';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

const DAY = 86_400_000;

/** What AWS says about the record, and what it leaves out. */
const CAUTION =
  'The last use is one sign and not the only one: data that is read once a year, backups and snapshots may still need the key. Disable it first, and watch for what fails.';

/** The answers about one key, a line for each Region. */
export function renderLastUse(
  keyArn: string,
  answers: readonly Answer[],
  unusedFor: number | undefined,
  now: Date,
  colours: Colours,
): string {
  const rows = answers.map((answer) => [
    answer.region,
    answer.state ?? '',
    [saying(answer, now), ...(unusedFor === undefined ? [] : [verdict(answer, unusedFor, now, colours)])].join('\n'),
  ]);
  return `${printable(keyArn)}\n${grid(rows)}\n`;
}

/** What goes below all keys. */
export function renderCaution(columns: number): string {
  return `${wrap(CAUTION, columns)}\n`;
}

function saying({ problem, lastUse, trackedSince }: Answer, now: Date): string {
  if (problem !== undefined) {
    return `not known: ${printable(problem)}`;
  }
  if (lastUse === undefined) {
    return `no use since ${trackedSince?.toISOString() ?? 'tracking began'}, when tracking began`;
  }
  const days = Math.floor((now.getTime() - lastUse.at.getTime()) / DAY);
  const ago = days < 1 ? 'within the last day' : days === 1 ? '1 day ago' : `${days} days ago`;
  const event = lastUse.cloudTrailEventId === undefined ? '' : `\nCloudTrail event ${lastUse.cloudTrailEventId}`;
  return `${lastUse.operation} ${ago}, ${lastUse.at.toISOString()}${event}`;
}

function verdict(answer: Answer, seconds: number, now: Date, { green, red, yellow }: Colours): string {
  const judgement = judge(answer, seconds, now);
  switch (judgement.unused) {
    case true:
      return green('unused for that time');
    case false:
      return red(`in use: ${judgement.because}`);
    default:
      return yellow(`unknown: ${judgement.because}`);
  }
}
