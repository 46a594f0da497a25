import { colourProperties } from './colours.ts';
import { STANDINGS } from './standing.ts';

/** Lines of the picture that differ without their colours too. */
const DASHES: Readonly<Record<string, string>> = { allowed: '0', 'allowed-if': '9 4', unknown: '2 5' };

const standings = STANDINGS.map(
  (name) => `.chip.s-${name}{color:var(--${name});background:var(--${name}-back);border-color:var(--${name})}
.edge.s-${name}{stroke:var(--${name});stroke-dasharray:${DASHES[name] ?? '0'}}
`,
).join('');

/** Severities of findings, in the colours that are there. */
const severities = Object.entries({ error: 'denied-explicitly', warning: 'unknown', note: 'denied' })
  .map(([name, colour]) => `.chip.v-${name}{color:var(--${colour});background:var(--${colour}-back)}\n`)
  .join('');

/** The one style sheet of the page. */
export const STYLE = `
:root{color-scheme:light dark;${colourProperties('light')}}
@media (prefers-color-scheme:dark){:root{${colourProperties('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header,main{max-width:84rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .4rem}
h2{font-size:1.25rem;margin:1.6rem 0 .6rem}
header{padding-block-end:0}
main{padding-block-start:0}
h3{font-size:1rem;margin:0;display:inline}
h4{font-size:1rem;margin:.8rem 0 .2rem}
p{margin:.5rem 0}
a{color:var(--link)}
code,bdi{overflow-wrap:anywhere}
code{font:.9em ui-monospace,monospace}
.muted{color:var(--muted);font-size:.9em}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--page);padding:.5rem 1rem;z-index:9}
.skip:focus{top:.5rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
[hidden]{display:none!important}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.5rem 0;padding:0}
.scroll{overflow:auto;max-width:100%;position:relative}
td:has(details[open]){min-width:min(26rem,80vw)}
table{border-collapse:collapse;width:100%}
caption{text-align:start;color:var(--muted);font-size:.9em;padding:.3rem 0}
th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:start;vertical-align:top}
thead th{background:var(--panel)}
tbody th{font-weight:600}
.chip{display:inline-block;border:1px solid;border-radius:.3rem;padding:0 .4rem;font-size:.85rem;white-space:nowrap}
.chip.s-allowed-if{border-style:dashed}
.chip.s-unknown{border-style:dotted}
.chip.s-denied-explicitly{border-style:double;border-width:3px}
dl.legend{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:.5rem 0}
dl.legend dd{margin:0}
.key{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0;padding:.5rem .8rem;content-visibility:auto;contain-intrinsic-size:auto 3rem}
summary{cursor:pointer;padding:.2rem}
details ul{margin:.3rem 0;padding-inline-start:1.1rem}
details ul li{overflow-wrap:anywhere;max-width:48rem}
.controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.6rem 1rem;padding:.8rem;background:var(--panel);border-radius:.4rem}
label{display:block;font-size:.9rem}
input,select,button{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--line);border-radius:.3rem;padding:.4rem .6rem;min-height:2.75rem}
input,select{width:100%}
button{cursor:pointer}
button:disabled{color:var(--muted);cursor:default;border-style:dashed}
.controls div{align-self:end}
.pages{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.6rem 0}
.matrix{max-height:80vh;border:1px solid var(--line)}
.matrix table{width:auto;border-collapse:separate;border-spacing:0}
.matrix th,.matrix td{border-width:0 1px 1px 0}
.matrix thead th{position:sticky;top:0;z-index:2;width:8.5rem;min-width:8.5rem;font-size:.85rem;vertical-align:bottom}
.matrix tbody th,.matrix thead th:first-child{position:sticky;inset-inline-start:0;background:var(--panel);width:18rem;min-width:11rem;max-width:18rem;font-size:.85rem}
.matrix thead th:first-child{z-index:3}
.matrix td{padding:0;height:1px}
.matrix td button{width:100%;height:100%;min-height:2.75rem;border:0;border-radius:0;background:none;text-align:start;position:relative;display:flex;flex-wrap:wrap;gap:.2rem;align-content:center;padding:.3rem .5rem}
.matrix td button:hover{background:var(--panel)}
.matrix td button:focus-visible{outline-offset:-3px}
dialog{color:var(--text);background:var(--page);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.2rem;width:min(46rem,calc(100vw - 1.5rem));max-height:85vh;overflow:auto}
dialog::backdrop{background:rgb(0 0 0/.5)}
dialog h2{margin:0 5.5rem .7rem 0;overflow-wrap:anywhere}
dialog .close{position:absolute;inset-block-start:.7rem;inset-inline-end:.9rem}
dialog h3{display:block;margin:.9rem 0 .2rem}
dialog ol,dialog ul{padding-inline-start:1.3rem;margin:.2rem 0}
dialog li{overflow-wrap:anywhere;margin:.2rem 0}
dialog pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);padding:.4rem .6rem;margin:.2rem 0;font:.85rem/1.4 ui-monospace,monospace}
figure{margin:0}
svg{font:13px system-ui,sans-serif;display:block}
svg text{fill:var(--text)}
.heads text{font-weight:600}
.node circle{fill:var(--text)}
.edge{fill:none;stroke-width:2}
.faint{opacity:.12}
.strokes{display:inline-flex;flex-wrap:wrap;gap:.2rem 1rem}
.strokes span{display:inline-flex;gap:.4rem;align-items:center}
.strokes svg{display:inline-block}
${standings}${severities}
@media (max-width:40rem){
.by-key,.by-key tbody,.by-key tr,.by-key th,.by-key td,.by-key caption{display:block;border:0}
.by-key thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.by-key tbody tr{border:1px solid var(--line);border-radius:.3rem;margin:.5rem 0}
.by-key td{padding-block:.15rem}
.by-key td::before{content:attr(data-label);display:block;color:var(--muted);font-size:.8rem}
.by-key td[data-label=Why]::before{content:none}
.matrix tbody th,.matrix thead th:first-child{min-width:8.5rem;max-width:8.5rem;width:8.5rem}
.matrix thead th{width:7rem;min-width:7rem}
dl.legend{grid-template-columns:1fr;gap:.1rem}
dl.legend dd{margin-block-end:.5rem}
}
@media (forced-colors:active){.edge{stroke:CanvasText}.node circle{fill:CanvasText}svg text{fill:CanvasText}}
@media (prefers-reduced-motion:no-preference){.edge{transition:opacity .15s}}
@media print{.controls,.pages,.skip,nav,dialog,.matrix,#matrix{display:none!important}.scroll{overflow:visible}.key{content-visibility:visible;break-inside:avoid-page}body{font-size:11px}}
`;
