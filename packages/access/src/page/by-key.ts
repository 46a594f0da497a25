import { waysInWords } from '../engine/in-words.ts';
import type { AccessCell, AccessRow } from '../report/cell.ts';
import type { KeyAccess } from '../report/map.ts';
import type { OperationGroup } from '../report/map-actions.ts';
import { alike, sentenceOf } from './data.ts';
import { handOnPart } from './hand-on.ts';
import { html, type Markup } from './html.ts';
import { GROUPS, operationsOf, reaches, STANDING_WORDS, STANDINGS, standingOf } from './standing.ts';
import { counted, sourceInWords } from './words.ts';

const HEADS: Readonly<Record<OperationGroup, string>> = { use: 'Use', administer: 'Administer', 'hand on': 'Hand on' };

/** Everything about one key, for reading without a script: who reaches it, how, and why. */
export function keySection(access: KeyAccess, at: number): Markup {
  const { key, rows } = access;
  const reaching = rows.filter(reaches);
  const source = sourceInWords(key.source);
  const others = rows.length - reaching.length + access.others().length;
  return html`<details class="key" id="key-${at + 1}" data-key="${key.constructPath}"${at === 0 ? html` open` : undefined}>
<summary><h3><bdi>${key.constructPath}</bdi></h3> <span class="muted">${counted(reaching.length, 'principal')} ${reaching.length === 1 ? 'reaches' : 'reach'} it</span></summary>
<p class="muted">${typeof key.description === 'string' && key.description !== '' ? html`<bdi>${key.description}</bdi>. ` : undefined}${source === '' ? undefined : html`Declared at <code>${source}</code>. `}Logical id <code>${key.logicalId}</code>, stack <bdi>${key.stack}</bdi>.</p>
${reaching.length === 0 ? undefined : table(key.constructPath, reaching)}
${others === 0 ? undefined : html`<p>${counted(others, 'other principal')} may do nothing with it.</p>`}
${handOnPart(access)}
</details>`;
}

function table(name: string, rows: readonly AccessRow[]): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Who reaches ${name}">
<table class="by-key"><caption>Who reaches <bdi>${name}</bdi></caption>
<thead><tr><th scope="col">Principal</th>${GROUPS.map((group) => html`<th scope="col">${HEADS[group]}</th>`)}<th scope="col">Why</th></tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>`;
}

function row({ grantee, cells }: AccessRow): Markup {
  const { name, type, functions } = grantee;
  const runs =
    functions.length === 0 ? undefined : html`<br><span class="muted">runs <bdi>${functions.join(', ')}</bdi></span>`;
  return html`<tr data-principal="${name}"><th scope="row"><bdi>${name}</bdi> <span class="muted">${type}</span>${runs}</th>${GROUPS.map(
    (group) => html`<td data-label="${HEADS[group]}">${standings(cells.filter((cell) => cell.group === group))}</td>`,
  )}<td data-label="Why">${why(cells)}</td></tr>
`;
}

/** What is not denied, by verdict; what is denied needs no list. */
function standings(cells: readonly AccessCell[]): Markup | readonly Markup[] {
  const found = STANDINGS.filter((standing) => standing !== 'denied').flatMap((standing) => {
    const some = cells.filter((cell) => standingOf(cell) === standing);
    if (some.length === 0) return [];
    const { word } = STANDING_WORDS[standing];
    return [html`<div><span class="chip s-${standing}">${word}</span> ${operationsOf(some, cells).join(', ')}</div>`];
  });
  return found.length === 0 ? html`<span class="muted">–<span class="unseen"> nothing</span></span>` : found;
}

function why(cells: readonly AccessCell[]): Markup {
  const told = alike(cells.filter((cell) => standingOf(cell) !== 'denied'));
  return html`<details><summary>Why</summary><ul>${told.map((some) => {
    const [cell] = some;
    const { decision } = cell;
    const standing = standingOf(cell);
    const verdict =
      standing === 'allowed-if' ? `allowed ${waysInWords(decision).join(', or ')}` : STANDING_WORDS[standing].word;
    const reasons = decision.reasons.map(({ text }) => sentenceOf(text, some)).join('; ');
    return html`<li><b>${operationsOf(some, cells).join(', ')}</b>: ${verdict}. ${reasons}</li>`;
  })}</ul></details>`;
}
