import { type Finding, type Rule, SEVERITIES } from '@cdk-keysmith/access';

/** Findings for people, what is suppressed at the end with its reason, and a line that counts them. */
export function renderFindings(findings: readonly Finding[]): string {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const kept = findings.filter(({ suppressed }) => suppressed !== undefined);
  const blocks = [...open, ...kept].map((finding) => `${blockOf(finding)}\n\n`);
  const counted = SEVERITIES.map((severity) => [severity, open.filter((one) => one.severity === severity).length]);
  const counts = counted.map(([severity, count]) => `${severity} ${count}`).join(', ');
  return `${blocks.join('')}${counts}, suppressed ${kept.length}\n`;
}

function blockOf({
  severity,
  ruleId,
  message,
  constructPath,
  source,
  policy,
  statement,
  fix,
  suppressed,
}: Finding): string {
  const where = source === undefined ? '' : ` (${source.file}:${source.line})`;
  const part =
    policy === undefined ? '' : `\n  in ${policy}${statement === undefined ? '' : `, statement ${statement}`}`;
  const then = suppressed === undefined ? `fix: ${fix}` : `stays: ${suppressed.reason} (${suppressed.where})`;
  return printable(`${severity} ${ruleId}: ${constructPath}${where}${part}\n  ${message}\n  ${then}`);
}

/** One line a rule. */
export function renderRules(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join('');
}

/** Names come from templates: a terminal would take some characters for commands. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '\ufffd');
}
