/** The one style sheet of the page. Colours have a contrast of 4.5 to 1 or more on their ground. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--panel:#f3f4f6;--text:#1a1a1a;--muted:#555b66;--line:#c9ced6;--link:#0b57d0;--good:#14632d;--bad:#a3160f;--warn:#7a4a00}
@media (prefers-color-scheme:dark){:root{--page:#14161a;--panel:#1f2329;--text:#e8eaed;--muted:#a9b0bb;--line:#444b56;--link:#8ab4f8;--good:#7dd491;--bad:#ff9a92;--warn:#f2c06b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header,main{max-width:72rem;margin:0 auto;padding:1rem}
header{padding-block-end:0}
main{padding-block-start:0}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .4rem}
h2{font-size:1.25rem;margin:1.6rem 0 .6rem}
p{margin:.4rem 0}
a{color:var(--link)}
code,bdi,dd{overflow-wrap:anywhere}
code,pre{font:.875rem/1.45 ui-monospace,monospace}
pre{background:var(--panel);padding:.6rem .8rem;border-radius:.4rem;overflow:auto;max-height:24rem;margin:.4rem 0}
.muted,.count{color:var(--muted);font-size:.9rem;font-weight:400}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--page);padding:.5rem 1rem;z-index:9}
.skip:focus{top:.5rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.5rem 0;padding:0}
.controls{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;padding:.6rem .8rem;background:var(--panel);border-radius:.4rem}
.controls label{flex:1 1 14rem;display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:center}
input,button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--muted);border-radius:.3rem;padding:.3rem .7rem;min-height:2.5rem}
input{flex:1 1 10rem;min-width:0}
details{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;padding:.2rem .8rem}
summary{cursor:pointer;padding:.35rem 0;overflow-wrap:anywhere}
summary>*{margin-inline-end:.6rem}
.why{display:block;font-size:.9rem;color:var(--muted)}
.chip{display:inline-block;border:1px solid;border-radius:.3rem;padding:0 .4rem;font-size:.85rem;white-space:nowrap}
.good{color:var(--good)}
.bad{color:var(--bad)}
.bad.chip{border-style:double;border-width:3px}
.warn{color:var(--warn)}
.warn.chip{border-style:dashed}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1rem;margin:.4rem 0}
dd{margin:0}
ul.plain{margin:.3rem 0;padding-inline-start:1.1rem}
ul.plain li{overflow-wrap:anywhere}
@media (max-width:34rem){dl{grid-template-columns:1fr}dd{margin-block-end:.4rem}}
@media print{.controls,nav{display:none}}
`;
