import { html, type Markup } from './html.ts';
import { GROUPS, STANDING_WORDS, STANDINGS } from './standing.ts';

/** The frame that the script fills with principals and keys; hidden without a script, which is nothing to miss. */
export function matrixSection(): Markup {
  return html`<section id="matrix" aria-labelledby="matrix-head" hidden>
<h2 id="matrix-head">Principals and keys</h2>
<form id="filter" class="controls" role="search" aria-label="Filter">
<label>Principal<input id="who" type="search" placeholder="part of a name or type" autocomplete="off" spellcheck="false"></label>
<label>Key<input id="which" type="search" placeholder="part of a name" autocomplete="off" spellcheck="false"></label>
<label>Operations<select id="group"><option value="">all</option>${GROUPS.map((group) => html`<option>${group}</option>`)}</select></label>
<label>Verdict<select id="standing"><option value="reaches">any but denied</option><option value="any">any</option>${STANDINGS.map(
    (standing) => html`<option value="${standing}">${STANDING_WORDS[standing].word}</option>`,
  )}</select></label>
<label>Order of principals<select id="order"><option value="">as in the app</option><option value="name">by name</option><option value="most">most keys first</option></select></label>
<div><button id="reset" type="button">Reset the filter</button></div>
</form>
<div class="pages"><p id="count" role="status"></p>
<button id="up" type="button">Earlier principals</button><button id="down" type="button">Later principals</button><button id="left" type="button">Earlier keys</button><button id="right" type="button">Later keys</button></div>
<div id="cells" class="scroll matrix" role="region" tabindex="0" aria-label="Principals and keys"></div>
<p class="muted">A cell says what a principal may do with a key: “use” alone is allowed, “if” hinges on the request, “?” is not known, “–” is denied. “✕”, denied explicitly, is shown when the verdicts asked for include it. Open it for the reasons; arrow keys go from cell to cell.</p>
<dialog id="why" aria-labelledby="why-title"><h2 id="why-title" tabindex="-1"></h2><button class="close" type="button">Close</button><div id="why-text"></div></dialog>
</section>`;
}
