import { changerInWords } from '../report/changer-words.ts';
import { endpointInWords } from '../report/endpoint-words.ts';
import type { KeyAccess } from '../report/map.ts';
import { html, type Markup } from './html.ts';
import { STANDING_WORDS, STANDINGS, type Standing, standingOf } from './standing.ts';

/** What may make the table of a key untrue: who may let others in, by what, and what goes through VPC endpoints. */
export function handOnPart(access: KeyAccess): Markup {
  const { levers, changers, endpoints } = access;
  const limits = endpoints.flatMap(endpointInWords);
  return html`<h4>What may let others in</h4>
<ul>${operationsOf(access).map(([label, holders]) => html`<li><b>${label}</b>: ${holdersText(holders)}</li>`)}
${levers.map(({ text }) => html`<li>${text}</li>`)}
${changers.flatMap(changerInWords).map((text) => html`<li>${text}</li>`)}</ul>
${endpoints.length === 0 ? undefined : endpointsPart(endpoints.length, limits)}`;
}

/** Names by standing; whoever is denied is not among them. */
type Holders = ReadonlyMap<Standing, ReadonlySet<string>>;

/** Everything by which access to the key is handed on, as people call it, and who may do it. */
function operationsOf({ rows }: KeyAccess): readonly (readonly [label: string, holders: Holders])[] {
  const found = new Map<string, Map<Standing, Set<string>>>();
  for (const { grantee, cells } of rows) {
    for (const cell of cells) {
      const { group, label } = cell;
      if (group !== 'hand on') continue;
      const holders = found.get(label) ?? new Map<Standing, Set<string>>();
      found.set(label, holders);
      // Before the decision is read: most cells would have to be asked for it.
      if (cell.verdict === 'denied') continue;
      const standing = standingOf(cell.decision);
      holders.set(standing, (holders.get(standing) ?? new Set()).add(grantee.name));
    }
  }
  return [...found];
}

function holdersText(holders: Holders): Markup | readonly Markup[] {
  if (holders.size === 0) return html`nobody`;
  return STANDINGS.flatMap((standing) => {
    const names = holders.get(standing);
    if (names === undefined) return [];
    const chip = html`<span class="chip s-${standing}">${STANDING_WORDS[standing].word}</span>`;
    return [html`${chip} ${[...names].map((name, at) => html`${at === 0 ? '' : ', '}<bdi>${name}</bdi>`)} `];
  });
}

function endpointsPart(count: number, limits: readonly string[]): Markup {
  if (limits.length === 0) {
    const which = count === 1 ? 'The VPC endpoint' : `The ${count} VPC endpoints`;
    return html`<p>${which} for KMS of the app ${count === 1 ? 'takes' : 'take'} nothing of this away.</p>`;
  }
  return html`<h4>What VPC endpoints take away</h4>
<p class="muted">All else on this page is about requests that go through none.</p>
<ul>${limits.map((text) => html`<li>${text}</li>`)}</ul>`;
}
