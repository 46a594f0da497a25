import { type Finding, findingsInWords, policyInWords, type Rule } from '@cdk-keysmith/access';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

const INDENT = '  ';

/** Findings for people, what is suppressed at the end with its reason, and a line that counts them. */
export function renderFindings(findings: readonly Finding[], columns: number): string {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const kept = findings.filter(({ suppressed }) => suppressed !== undefined);
  const blocks = [...open, ...kept].map((finding) => `${blockOf(finding, columns)}\n\n`);
  return `${blocks.join('')}${findingsInWords(findings)}\n`;
}

function blockOf(finding: Finding, columns: number): string {
  const { severity, ruleId, message, constructPath, source, fix, suppressed } = finding;
  const file = source === undefined ? '' : ` (${source.file}:${source.line})`;
  const policy = policyInWords(finding);
  const lines = [
    ...(policy === undefined ? [] : [`in ${policy}`]),
    message,
    suppressed === undefined ? `fix: ${fix}` : `stays: ${suppressed.reason} (${suppressed.where})`,
  ];
  const head = printable(`${severity} ${ruleId}: ${constructPath}${file}`);
  return [head, ...lines.map((line) => wrap(printable(line), columns, INDENT))].join('\n');
}

/** One line a rule. */
export function renderRules(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join('');
}
