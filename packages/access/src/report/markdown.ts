import { verdictInWords } from '../engine/in-words.ts';
import { code, list, plain, table } from '../markdown-text.ts';
import { inWords } from '../symbolic/text.ts';
import type { AccessCell, AccessRow } from './cell.ts';
import { changerInWords } from './changer-words.ts';
import { endpointInWords } from './endpoint-words.ts';
import type { AccessMap, KeyAccess } from './map.ts';
import type { OperationGroup } from './map-actions.ts';
import { nameOfGrantee, SECTIONS, shortPath } from './names.ts';

const GROUPS: readonly OperationGroup[] = ['use', 'administer', 'hand on'];

/**
 * The access map as Markdown, for a pull request or a wiki: for each key a table of who may use, administer and hand it
 * on. Who may do nothing is left out. The same map is the same text.
 */
export function renderAccessMarkdown({ keys, unknowns }: AccessMap): string {
  const blocks = keys.length === 0 ? ['No KMS key in this app.'] : keys.flatMap(keyBlocks);
  const notKnown = unknowns.length === 0 ? [] : ['### Not known', list(unknowns)];
  return `${['## Access to KMS keys', ...blocks, ...notKnown].join('\n\n')}\n`;
}

function keyBlocks({ key, aliases, rows, levers, changers, endpoints }: KeyAccess): readonly string[] {
  const names = [shortPath(key.constructPath), ...aliases.map(({ name }) => inWords(name))];
  const may = rows.filter(({ cells }) => cells.some(({ verdict }) => verdict !== 'denied'));
  const sections = Object.entries(SECTIONS).flatMap(([section, heading]) => {
    const own = may.filter(({ grantee }) => grantee.section === section);
    return own.map((row, index) => rowOf(row, index === 0 ? heading : ''));
  });
  const changes = changers.flatMap(changerInWords);
  const limits = endpoints.flatMap(endpointInWords);
  return [
    `### ${names.map(code).join(' ')}`,
    ...(changes.length === 0
      ? []
      : ['**The deployed policy or grants may differ:** code of the app may change them.', list(changes)]),
    table(['', 'Who', 'Use', 'Administer', 'Hand on'], sections),
    ...(levers.length === 0 ? [] : ['Hinges on aliases or tags:', list(levers.map(({ text }) => text))]),
    ...(limits.length === 0 ? [] : ['What VPC endpoints take away:', list(limits)]),
  ];
}

function rowOf({ grantee, cells }: AccessRow, heading: string): readonly string[] {
  const texts = GROUPS.map((group) => cellText(cells.filter((cell) => cell.group === group)));
  return [heading, code(nameOfGrantee(grantee)), ...texts];
}

/** What is allowed, by what it hinges on: `Decrypt, ReEncryptFrom if …`. */
function cellText(cells: readonly AccessCell[]): string {
  const byText = new Map<string, string[]>();
  for (const { action, decision } of cells.filter((cell) => cell.verdict !== 'denied')) {
    const text = verdictInWords(decision);
    byText.set(text, [...(byText.get(text) ?? []), action.replace(/^kms:/, '')]);
  }
  const lines = [...byText].map(([text, actions]) =>
    text === 'allowed' ? actions.join(', ') : `${actions.join(', ')}: ${text}`,
  );
  return lines.length === 0 ? '–' : lines.map(plain).join('<br>');
}
