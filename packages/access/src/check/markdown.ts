import { code, plain, table } from '../markdown-text.ts';
import type { Finding, Severity } from './finding.ts';
import { findingsInWords, policyInWords, rulePage } from './words.ts';

const MARKS: Readonly<Record<Severity, string>> = { error: '❌ error', warning: '⚠️ warning', note: 'ℹ️ note' };

/**
 * Findings as a comment on a pull request: the sum, a table of what is open, the gravest first, and folded what may stay,
 * with the reasons. The same findings are the same text.
 */
export function renderFindingsMarkdown(findings: readonly Finding[]): string {
  const open = (Object.keys(MARKS) as Severity[]).flatMap((severity) =>
    findings.filter((one) => one.severity === severity && one.suppressed === undefined),
  );
  const kept = findings.filter(({ suppressed }) => suppressed !== undefined);
  const blocks = [`### KMS checks: ${findingsInWords(findings)}`, openTable(open), folded(kept)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function openTable(open: readonly Finding[]): string {
  if (open.length === 0) return '';
  const rows = open.map((finding) => [
    MARKS[finding.severity],
    ruleOf(finding),
    placeOf(finding),
    plain(finding.message),
    plain(finding.fix),
  ]);
  return table(['', 'Rule', 'Where', 'What', 'What to do'], rows);
}

function folded(kept: readonly Finding[]): string {
  if (kept.length === 0) return '';
  const rows = kept.map((finding) => {
    const { reason = '', where = '' } = finding.suppressed ?? {};
    return [ruleOf(finding), placeOf(finding), plain(finding.message), `${plain(reason)}<br>${plain(where)}`];
  });
  const shown = table(['Rule', 'Where', 'What', 'Why it stays'], rows);
  return `<details>\n<summary>${kept.length} suppressed</summary>\n\n${shown}\n\n</details>`;
}

function ruleOf({ ruleId }: Finding): string {
  return `[${code(ruleId)}](${rulePage(ruleId)})`;
}

function placeOf(finding: Finding): string {
  const { constructPath, source } = finding;
  const policy = policyInWords(finding);
  return [
    code(constructPath),
    ...(policy === undefined ? [] : [plain(policy)]),
    ...(source === undefined ? [] : [code(`${source.file}:${source.line}`)]),
  ].join('<br>');
}
