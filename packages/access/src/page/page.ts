import { createHash } from 'node:crypto';
import type { Finding } from '../check/finding.ts';
import type { AccessMap } from '../report/map.ts';
import { keySection } from './by-key.ts';
import { dataOf } from './data.ts';
import { findingsSection } from './findings.ts';
import { html, jsonIn, Markup } from './html.ts';
import { matrixSection } from './matrix.ts';
import { picture } from './picture.ts';
import { SCRIPT } from './script.ts';
import { reaches, STANDING_WORDS, STANDINGS } from './standing.ts';
import { STYLE } from './style.ts';
import { counted } from './words.ts';

/**
 * The map as one HTML document that needs nothing else: no network, and no script for reading. With its script it also
 * has a matrix of principals and keys to filter and search, in which each cell tells its reasons and has an address
 * (`#key=Orders%2FKey&principal=Orders%2FWriter`). The same map gives the same bytes.
 *
 * Everything that comes from the app is escaped; a policy in the document lets nothing load, and nothing run but what its
 * hash is known of. Characters that cannot be seen, such as marks that turn the direction of a text, are written out.
 *
 * @param findings - what `checkAssembly` found, to stand beside the map; default none
 * @see https://www.w3.org/TR/CSP3/
 */
export function accessPage(map: AccessMap, findings: readonly Finding[] = []): string {
  const reaching = new Set(map.keys.flatMap(({ rows }) => rows.filter(reaches).map(({ grantee }) => grantee.name)));
  const size = `${counted(map.keys.length, 'key')}, ${counted(reaching.size, 'principal')} that ${reaching.size === 1 ? 'reaches' : 'reach'} a key`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Who can use which KMS key</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>Who can use which KMS key</h1>
<p>${size}.</p>
<nav aria-label="Parts of the page"><ul>${parts(map, findings).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${matrixSection()}
<section id="picture" aria-labelledby="picture-head"><h2 id="picture-head">Picture</h2>
${picture(map)}
</section>
<section id="keys" aria-labelledby="keys-head"><h2 id="keys-head">By key</h2>
${map.keys.length === 0 ? html`<p>The app has no KMS key.</p>` : map.keys.map(keySection)}
</section>
${findings.length === 0 ? undefined : findingsSection(findings)}
${map.unknowns.length === 0 ? undefined : unknownsSection(map.unknowns)}
<section id="words" aria-labelledby="words-head"><h2 id="words-head">What the words mean</h2>
<dl class="legend">${STANDINGS.map((standing) => html`<dt><span class="chip s-${standing}">${STANDING_WORDS[standing].word}</span></dt><dd>${STANDING_WORDS[standing].means}</dd>`)}</dl>
<p>To <b>use</b> a key is to encrypt, decrypt, sign and the like; to <b>administer</b> it, to disable, delete, tag or rotate it; to <b>hand on</b> access, to change its key policy or create grants.</p>
</section>
</main>
<script type="application/json" id="data">${jsonIn(dataOf(map))}</script>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

function parts({ unknowns }: AccessMap, findings: readonly Finding[]): readonly (readonly [string, string])[] {
  return [
    ['picture', 'Picture'],
    ['keys', 'By key'],
    ...(findings.length === 0 ? [] : [['findings', `Findings (${findings.length})`] as const]),
    ...(unknowns.length === 0 ? [] : [['unknowns', `Not known (${unknowns.length})`] as const]),
    ['words', 'What the words mean'],
  ];
}

function unknownsSection(unknowns: readonly string[]): Markup {
  return html`<section id="unknowns" aria-labelledby="unknowns-head"><h2 id="unknowns-head">What is not known</h2>
<details><summary>${counted(unknowns.length, 'thing')} that could not be decided, each with its reason</summary>
<ul>${unknowns.map((text) => html`<li><bdi>${text}</bdi></li>`)}</ul></details></section>`;
}

/** Nothing loads from anywhere; the script makes no markup from text. */
function contentSecurityPolicy(): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
