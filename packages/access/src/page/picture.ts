import type { AccessMap } from '../report/map.ts';
import { html, type Markup, visible } from './html.ts';
import { reaches, STANDING_WORDS, type Standing, strongest } from './standing.ts';
import { counted } from './words.ts';

/** Beyond these nobody follows a line; the tables have everything. */
const MOST_PRINCIPALS = 60;
const MOST_KEYS = 40;

const ROW = 26;
const TOP = 28;
const WIDTH = 900;
const LEFT = 400;
const RIGHT = 560;
/** Characters of a name that fit beside the lines; of longer ones the end says more. */
const FIT = 46;

interface Line {
  readonly principal: string;
  readonly key: string;
  readonly standing: Standing;
}

/** Principals to the left, keys to the right, and a line from each principal to each key that it may reach. */
export function picture({ keys }: AccessMap): Markup {
  const lines = keys.flatMap(({ key, rows }) =>
    rows.filter(reaches).flatMap((row): readonly Line[] => {
      const standing = strongest(row.cells);
      return standing === undefined ? [] : [{ principal: row.grantee.name, key: key.constructPath, standing }];
    }),
  );
  if (lines.length === 0) return html`<p>No principal reaches a key.</p>`;
  const all = { principals: names(lines, 'principal'), keys: names(lines, 'key') };
  const shownKeys = all.keys.slice(0, MOST_KEYS);
  const shownPrincipals = ordered(all.principals.slice(0, MOST_PRINCIPALS), shownKeys, lines);
  const shown = lines.filter(({ principal, key }) => shownPrincipals.includes(principal) && shownKeys.includes(key));
  const height = TOP + ROW * Math.max(shownPrincipals.length, shownKeys.length) + 8;
  const y = (at: number, count: number) => TOP + ROW * (at + 0.5) + ((height - TOP - 8 - ROW * count) / 2 || 0);
  const ofPrincipal = new Map(shownPrincipals.map((name, at) => [name, y(at, shownPrincipals.length)]));
  const ofKey = new Map(shownKeys.map((name, at) => [name, y(at, shownKeys.length)]));
  const left = all.principals.length > shownPrincipals.length || all.keys.length > shownKeys.length;
  const size = `${counted(all.principals.length, 'principal')} and ${counted(all.keys.length, 'key')}`;
  return html`<figure>
<div class="scroll" role="region" tabindex="0" aria-label="Picture of who reaches which key">
<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="picture-title picture-text">
<title id="picture-title">Who reaches which key</title>
<desc id="picture-text">${size}, joined by ${counted(lines.length, 'line')}. The tables by key say the same in words.</desc>
<g class="heads"><text x="${LEFT - 12}" y="16" text-anchor="end">Principals</text><text x="${RIGHT + 12}" y="16">Keys</text></g>
${shown.map((line) => stroke(line, ofPrincipal.get(line.principal) ?? 0, ofKey.get(line.key) ?? 0))}
${[...ofPrincipal].map(([name, at]) => node(name, at, LEFT, 'end', 'principal'))}
${[...ofKey].map(([name, at]) => node(name, at, RIGHT, 'start', 'key'))}
</svg>
</div>
<figcaption>${size}.${left ? html` Shown are the ${shownPrincipals.length} principals and ${shownKeys.length} keys that come first; the tables have all.` : undefined} <span class="strokes">${(['allowed', 'allowed-if', 'unknown'] as const).map((standing) => html`<span><svg width="44" height="10" aria-hidden="true"><line x1="0" y1="5" x2="44" y2="5" class="edge s-${standing}"></line></svg> ${LINE_WORDS[standing]}</span> `)}</span></figcaption>
</figure>`;
}

const LINE_WORDS = { allowed: 'allowed', 'allowed-if': 'allowed if …', unknown: 'unknown' } as const;

function names(lines: readonly Line[], end: 'principal' | 'key'): readonly string[] {
  return [...new Set(lines.map((line) => line[end]))];
}

/** Principals near the keys that they reach: fewer lines cross. Equal ones stay in the order of the map. */
function ordered(principals: readonly string[], keys: readonly string[], lines: readonly Line[]): readonly string[] {
  const middle = (principal: string) => {
    const at = lines.filter((line) => line.principal === principal).map(({ key }) => keys.indexOf(key));
    return at.reduce((sum, one) => sum + one, 0) / at.length;
  };
  const weights = new Map(principals.map((principal) => [principal, middle(principal)]));
  return [...principals].sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
}

function stroke({ principal, key, standing }: Line, from: number, to: number): Markup {
  const half = (LEFT + RIGHT) / 2;
  const path = `M${LEFT} ${from}C${half} ${from} ${half} ${to} ${RIGHT} ${to}`;
  return html`<path class="edge s-${standing}" data-principal="${principal}" data-key="${key}" d="${path}"><title>${principal} – ${key}: ${STANDING_WORDS[standing].word}</title></path>`;
}

function node(name: string, y: number, x: number, anchor: 'start' | 'end', end: 'principal' | 'key'): Markup {
  const at = anchor === 'end' ? x - 12 : x + 12;
  const data = end === 'key' ? html`data-key="${name}"` : html`data-principal="${name}"`;
  return html`<g class="node" ${data}><circle cx="${x}" cy="${y}" r="4"></circle><text x="${at}" y="${y + 4}" text-anchor="${anchor}">${shortened(name)}<title>${name}</title></text></g>`;
}

function shortened(name: string): string {
  const characters = [...visible(name)];
  return characters.length <= FIT ? characters.join('') : `…${characters.slice(1 - FIT).join('')}`;
}
