import type { Tally } from '../tally.ts';
import type { Call, Outcome } from './call.ts';
import { whoAndWhat } from './call-line.ts';
import type { Names } from './names.ts';
import { OUTCOMES } from './outcome.ts';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface SummaryStyle {
  readonly colours: Colours;
  /** Width in characters. */
  readonly columns: number;
}

const INDENT = '    ';

/** What is counted in the headline, and how it is told. */
const HEADLINES: readonly (readonly [Outcome, one: string, many: string])[] = [
  ['allowed', 'call was allowed', 'calls were allowed'],
  ['denied', 'call was denied', 'calls were denied'],
  ['would be denied', 'call would have been denied', 'calls would have been denied'],
  ['failed', 'call failed', 'calls failed'],
];

/** What happened while a command ran; nothing when no call was kept. */
export function renderSummary(tally: Tally, names: Names, style: SummaryStyle): string {
  const { kinds, notKept } = tally;
  if (kinds.length === 0) {
    return '';
  }
  const told = new Set(kinds.map(({ call }) => call.outcome));
  const headline = HEADLINES.filter(([outcome]) => told.has(outcome)).map(([outcome, one, many]) => {
    const count = tally.count(outcome);
    return `${count} ${count === 1 ? one : many}`;
  });
  const lines = [
    `keysmith: ${headline.join(', ')}`,
    ...kinds.map(({ call, times }) => renderKind(call, times, names, style)),
    ...(notKept > 0 ? [`  and ${notKept} more that differ from these`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function renderKind(call: Call, times: number, names: Names, { colours, columns }: SummaryStyle): string {
  const repeated = times > 1 ? [`(${times} times)`] : [];
  const head = `  ${[OUTCOMES[call.outcome](colours)(call.outcome), ...whoAndWhat(call, names), ...repeated].join('  ')}`;
  const why = call.why.map((reason) => wrap(printable(reason), columns, INDENT));
  return [head, ...why].join('\n');
}
