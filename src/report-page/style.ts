const light = `
  --paper: #ffffff; --sheet: #f4f6f8; --ink: #16202b; --soft: #51606f; --line: #cfd7df;
  --good: #0b6b3a; --good-back: #e3f4ea; --bad: #a31515; --bad-back: #fdeaea;
  --doubt: #7a4b00; --doubt-back: #fff3d9; --bar-good: #2c8a57; --bar-bad: #c62f2f;
  --bar-doubt: #b47a12; --bar-quiet: #8391a0; color-scheme: light;`;

const dark = `
  --paper: #12181f; --sheet: #1a222b; --ink: #e6ebf0; --soft: #a5b2bf; --line: #384654;
  --good: #7fdca7; --good-back: #14311f; --bad: #ff9d94; --bad-back: #3d1917;
  --doubt: #f2c46b; --doubt-back: #35280c; --bar-good: #3f9f6a; --bar-bad: #d9534f;
  --bar-doubt: #b98523; --bar-quiet: #6c7b8a; color-scheme: dark;`;

const words = `
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
header { border-left: .5rem solid var(--bar-quiet); padding: 1rem 1.2rem; border-radius: .3rem; background: var(--sheet); }
header.good { border-color: var(--bar-good); background: var(--good-back); }
header.bad { border-color: var(--bar-bad); background: var(--bad-back); }
header.doubt { border-color: var(--bar-doubt); background: var(--doubt-back); }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
header p { margin: .5rem 0 0; font-size: 1.05rem; }
header .kind { margin: 0; font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
h2 { margin: 2.4rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
p { margin: .6rem 0; } p.quiet, footer { color: var(--soft); font-size: .9rem; }
p.doubt, .word.doubt { color: var(--doubt); } p.bad, .word.bad { color: var(--bad); font-weight: 600; }
.word.good { color: var(--good); } .word.quiet { color: var(--soft); } .word { font-weight: 600; }
.cautions { margin: 1rem 0; padding: .6rem 1rem; border-radius: .3rem; background: var(--doubt-back); color: var(--doubt); }
.cautions ul { margin: 0; padding-left: 1.1rem; }
a { color: inherit; }
code, pre { font: .85em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { max-width: 100%; padding: .8rem; border: 1px solid var(--line); border-radius: .3rem;
  background: var(--sheet); white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; padding-top: .6rem; border-top: 1px solid var(--line); }
`;

const blocks = `
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .7rem; margin: 1rem 0; padding: 0; list-style: none; }
.figures li { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .3rem; }
.figures strong { display: block; font-size: 1.5rem; line-height: 1.2; }
.figures span { color: var(--soft); font-size: .9rem; line-height: 1.3; display: block; }
.figures .good strong { color: var(--good); } .figures .bad strong { color: var(--bad); } .figures .doubt strong { color: var(--doubt); }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 0; padding: 0; list-style: none; font-size: .9rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 2rem; margin: 0; }
dl div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .8rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; unicode-bidi: isolate; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { min-width: 6.8rem; } td:has(code) { min-width: 10.5rem; } td div { white-space: pre-line; unicode-bidi: isolate; }
`;

const drawings = `
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 0 0 .8rem; }
figure { flex: 1 1 20rem; min-width: 0; margin: 0; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
figure.narrow { display: none; }
figcaption { margin-bottom: .4rem; font-weight: 600; }
svg { display: block; width: 100%; height: auto; max-width: 56rem; } svg.network { max-width: 27rem; }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.timeline text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; } svg .small { font-size: 11.5px; } svg .strong { font-weight: 650; } svg .tick { fill: var(--soft); font-size: 11px; text-anchor: middle; }
svg .end { text-anchor: end; fill: var(--soft); }
.grid { stroke: var(--line); } .break { stroke: var(--soft); stroke-dasharray: 2 4; } .cut { stroke: var(--good); stroke-width: 2; }
.bar.good, .mark.good { fill: var(--bar-good); } .bar.bad, .mark.bad { fill: var(--bar-bad); }
.bar.doubt, .mark.doubt { fill: var(--bar-doubt); } .bar.quiet, .mark.quiet { fill: var(--bar-quiet); }
.box { fill: var(--sheet); stroke: var(--bar-quiet); } .box.good { fill: var(--good-back); stroke: var(--bar-good); stroke-width: 2; }
.box.bad { fill: var(--bad-back); stroke: var(--bar-bad); stroke-width: 2; } .box.doubt { fill: var(--doubt-back); stroke: var(--bar-doubt); }
.dashed { stroke-dasharray: 5 4; } .host { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
.way { stroke: var(--soft); stroke-width: 1.5; } .way.closed { stroke-dasharray: 2 4; } .cross { stroke: var(--bar-bad); stroke-width: 3; fill: none; }
`;

/** On a telephone every value stands beside the name of its column. */
const narrow = `
@media screen and (max-width: 44rem) {
  body { padding: .7rem; } h1 { font-size: 1.35rem; }
  figure.wide { display: none; } figure.narrow { display: flex; }
  dl { grid-template-columns: minmax(0, 1fr); }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td, td:has(code) { min-width: 0; } td { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .8rem; padding: .12rem 0; border: 0; }
  td::before { content: attr(data-head); color: var(--soft); }
  td:has(div:empty) { display: none; }
}
`;

/** Paper is light, whatever the screen is, and nothing is torn apart that belongs together. */
const paper = `
@media print {
  @page { margin: 14mm; }
  :root {${light} }
  body { max-width: none; padding: 0; font-size: 10.5pt; } nav { display: none; }
  header, .box, .bar, .mark, .figures li, .cautions { print-color-adjust: exact; }
  table { font-size: .82em; } th { white-space: normal; } td { min-width: 4.5rem; } td:has(code) { min-width: 7rem; }
  h2 { break-after: avoid; } tr, figure, .figures li, dl div { break-inside: avoid; }
}
`;

/** The style sheet of a page. It names no font, picture or sheet that would have to be fetched. */
export const pageStyle = `:root {${light} }
@media (prefers-color-scheme: dark) { :root {${dark} } }
${words}${blocks}${drawings}${narrow}${paper}`;
