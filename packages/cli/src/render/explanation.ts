import {
  decisionInWords,
  type Explanation,
  LINK_SIGNS,
  type Link,
  nameOfGrantee,
  shortPath,
} from '@cdk-keysmith/access';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

/** The decision, then all that was looked at, in the order in which KMS asks. */
export function renderExplanation({ key, grantee, action, decision, links }: Explanation, columns: number): string {
  const title = `${nameOfGrantee(grantee)}, ${action}, ${shortPath(key.constructPath)}`;
  const denials = links.filter(({ effect }) => effect === 'Deny');
  const others = links.filter(({ effect }) => effect !== 'Deny');
  return `${[
    printable(title),
    wrap(
      printable(decisionInWords(decision.verdict === 'allowed-if' ? { ...decision, reasons: [] } : decision)),
      columns,
    ),
    '',
    ...(denials.length === 0
      ? ['no Deny statement speaks about it']
      : ['Deny statements', ...denials.map(lineWith(columns))]),
    ...headed(others, columns),
  ].join('\n')}\n`;
}

function headed(links: readonly Link[], columns: number): readonly string[] {
  const layers = [...new Set(links.map(({ layer }) => layer))];
  return layers.flatMap((layer) => [layer, ...links.filter((link) => link.layer === layer).map(lineWith(columns))]);
}

function lineWith(columns: number): (link: Link) => string {
  return ({ applies, text, source, constructPath }) => {
    const file = source === undefined ? '' : `${source.file}:${source.line}`;
    const place = [constructPath, file].filter((part) => part !== undefined && part !== '').join(', ');
    const mark = `  ${LINK_SIGNS[applies].padEnd(2)} `;
    const indent = ' '.repeat(mark.length);
    const lines = [
      wrap(printable(text), columns, indent),
      ...(place === '' ? [] : [wrap(printable(`at ${place}`), columns, indent)]),
    ];
    return mark + lines.join('\n').slice(indent.length);
  };
}
