import { decisionInWords, verdictInWords } from '../engine/in-words.ts';
import { code, plain, table } from '../markdown-text.ts';
import type { KeyModel } from '../model.ts';
import type { Answer } from './ask.ts';
import { LINK_SIGNS, nameOfGrantee, SECTIONS, shortPath } from './names.ts';
import type { Explanation, Link } from './why.ts';

/** Who may do one thing with a key, as Markdown: a table of those who may; the others are counted. */
export function renderAnswersMarkdown(key: KeyModel, action: string, answers: readonly Answer[]): string {
  const may = answers.filter(({ decision }) => decision.verdict !== 'denied');
  const rows = Object.entries(SECTIONS).flatMap(([section, heading]) => {
    const own = may.filter(({ grantee }) => grantee.section === section);
    return own.map(({ grantee, decision }, index) => {
      return [index === 0 ? heading : '', code(nameOfGrantee(grantee)), plain(verdictInWords(decision))];
    });
  });
  const denied = answers.length - may.length;
  const blocks = [
    `## Who can use ${code(action)} with ${code(shortPath(key.constructPath))}`,
    rows.length === 0 ? 'Nobody.' : table(['', 'Who', 'Answer'], rows),
    ...(denied === 0 ? [] : [`Denied to ${denied} ${rows.length === 0 ? 'of' : 'more of'} ${answers.length}.`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** A decision as Markdown, and a table of all that was looked at, in the order in which KMS asks. */
export function renderExplanationMarkdown({ key, grantee, action, decision, links }: Explanation): string {
  const about = [nameOfGrantee(grantee), action, shortPath(key.constructPath)].map(code).join(', ');
  const blocks = [
    `## Why: ${about}`,
    plain(decisionInWords(decision.verdict === 'allowed-if' ? { ...decision, reasons: [] } : decision)),
    table(['', 'Layer', 'What it says', 'Where'], links.map(rowOf)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function rowOf({ applies, layer, text, constructPath, source }: Link): readonly string[] {
  const places = [constructPath, source && `${source.file}:${source.line}`].filter((place) => place !== undefined);
  return [LINK_SIGNS[applies], layer, plain(text), places.map(code).join('<br>')];
}
