import { changerInWords, type KeyAccess, nameOfGrantee, shortPath, verdictInWords } from '@cdk-keysmith/access';
import { GAP } from './grid.ts';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

const INDENT = ' '.repeat(GAP);

/** What could make a table untrue: code that changes policies, aliases and tags that decide, and VPC endpoints. */
export function cautionLines({ changers, levers, endpoints }: KeyAccess, columns: number, colours: Colours): string[] {
  const changes = changers.flatMap(changerInWords).map((text) => `! ${text}`);
  const limits = endpoints.flatMap(({ endpoint, limited }) => {
    const texts = new Map<string, string[]>();
    for (const { grantee, action, decision } of limited) {
      const text = `${nameOfGrantee(grantee)} ${verdictInWords(decision)}`;
      texts.set(text, [...(texts.get(text) ?? []), action]);
    }
    const path = shortPath(endpoint.constructPath);
    return [...texts].map(([text, actions]) => `through VPC endpoint ${path}: ${actions.join(', ')} by ${text}`);
  });
  return [
    ...changes.map((text) => colours.yellow(wrap(printable(text), columns, INDENT))),
    ...[...levers.map(({ text }) => text), ...limits].map((text) => wrap(printable(text), columns, INDENT)),
  ];
}
