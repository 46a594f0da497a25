import type { Finding } from '../check/finding.ts';
import { findingsInWords, policyInWords } from '../check/words.ts';
import { html, type Markup } from './html.ts';
import { counted, sourceInWords } from './words.ts';

/** What the rules of `keysmith check` found; what may stay is folded, with the reasons. */
export function findingsSection(findings: readonly Finding[]): Markup {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const kept = findings.filter(({ suppressed }) => suppressed !== undefined);
  return html`<section id="findings" aria-labelledby="findings-head"><h2 id="findings-head">Findings</h2>
<p>${findingsInWords(findings)}.</p>
${open.length === 0 ? undefined : table(open, 'What the rules found', 'What to do')}
${kept.length === 0 ? undefined : html`<details><summary>${counted(kept.length, 'finding')} that may stay, each with its reason</summary>${table(kept, 'What may stay', 'Why it may stay')}</details>`}
</section>`;
}

function table(findings: readonly Finding[], caption: string, last: string): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="by-key"><caption>${caption}</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Severity</th><th scope="col">Where</th><th scope="col">What</th><th scope="col">${last}</th></tr></thead>
<tbody>${findings.map((finding) => row(finding, last))}</tbody></table></div>`;
}

function row(finding: Finding, last: string): Markup {
  const { ruleId, severity, constructPath, source, message, fix, suppressed } = finding;
  const [place, policy] = [sourceInWords(source), policyInWords(finding)];
  const where = html`<bdi>${constructPath}</bdi>${policy === undefined ? undefined : html`<br><span class="muted">in <bdi>${policy}</bdi></span>`}${place === '' ? undefined : html`<br><code>${place}</code>`}`;
  const then = suppressed === undefined ? fix : `${suppressed.reason} (${suppressed.where})`;
  return html`<tr data-rule="${ruleId}"><th scope="row">${ruleId}</th><td data-label="Severity"><span class="chip v-${severity}">${severity}</span></td><td data-label="Where">${where}</td><td data-label="What">${message}</td><td data-label="${last}">${then}</td></tr>
`;
}
