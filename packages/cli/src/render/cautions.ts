import { changerInWords, endpointInWords, type KeyAccess } from '@cdk-keysmith/access';
import { GAP } from './grid.ts';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

const INDENT = ' '.repeat(GAP);

/** What could make a table untrue: code that changes policies, aliases and tags that decide, and VPC endpoints. */
export function cautionLines({ changers, levers, endpoints }: KeyAccess, columns: number, colours: Colours): string[] {
  const changes = changers.flatMap(changerInWords).map((text) => `! ${text}`);
  const limits = endpoints.flatMap(endpointInWords);
  return [
    ...changes.map((text) => colours.yellow(wrap(printable(text), columns, INDENT))),
    ...[...levers.map(({ text }) => text), ...limits].map((text) => wrap(printable(text), columns, INDENT)),
  ];
}
