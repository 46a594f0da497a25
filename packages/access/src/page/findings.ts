import type { SourcePosition } from '../model.ts';
import { html, type Markup } from './html.ts';
import { sourceInWords } from './words.ts';

/** What the page shows of a finding of `keysmith check`. */
export interface PageFinding {
  readonly ruleId: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly constructPath: string;
  readonly source?: SourcePosition | undefined;
  /** What to do about it. */
  readonly fix: string;
  /** Why it does not count, where somebody decided that. */
  readonly suppressed?: { readonly reason: string } | undefined;
}

export function findingsSection(findings: readonly PageFinding[]): Markup {
  return html`<section id="findings" aria-labelledby="findings-head"><h2 id="findings-head">Findings</h2>
<div class="scroll" role="region" tabindex="0" aria-labelledby="findings-head"><table class="by-key"><caption>What the rules found</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Severity</th><th scope="col">Where</th><th scope="col">What</th><th scope="col">What to do</th></tr></thead>
<tbody>${findings.map(row)}</tbody></table></div></section>`;
}

function row({ ruleId, severity, constructPath, source, message, fix, suppressed }: PageFinding): Markup {
  const place = sourceInWords(source);
  const where = html`<bdi>${constructPath}</bdi>${place === '' ? undefined : html`<br><code>${place}</code>`}`;
  const set = suppressed === undefined ? undefined : html`<p class="muted">Suppressed: ${suppressed.reason}</p>`;
  return html`<tr><th scope="row">${ruleId}</th><td data-label="Severity">${severity}</td><td data-label="Where">${where}</td><td data-label="What">${message}${set}</td><td data-label="What to do">${fix}</td></tr>
`;
}
