import { createHash } from 'node:crypto';
import type { Markup } from './markup.ts';
import { html, nothing, ownStyle, textOfMarkup } from './markup.ts';
import type { Block, Cell, Figure, Page, Picture, Section } from './page.ts';
import { pageStyle } from './style.ts';

/** Nothing runs and nothing is fetched: the one style sheet is named by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const cellOf = (cell: Cell): Markup => {
  if (typeof cell === 'string') return html`${cell}`;
  const { text, tone, code } = cell;
  const words = code === true && text !== '' ? html`<code>${text}</code>` : html`${text}`;
  return tone === undefined ? words : html`<span class="word ${tone}">${words}</span>`;
};

/** Every value bears the name of its column, which stands beside it where the page is narrow. */
const tableOf = (head: readonly string[], rows: readonly (readonly Cell[])[]): Markup => {
  const lines = rows.map((row) => {
    const cells = row.map(
      (cell, at) => html`<td data-head="${head[at] ?? ''}"><div>${cellOf(cell)}</div></td>`,
    );
    return html`<tr>${cells}</tr>
`;
  });
  const titles = head.map((one) => html`<th scope="col">${one}</th>`);
  return html`<table><thead><tr>${titles}</tr></thead><tbody>
${lines}</tbody></table>
`;
};

const factsOf = (facts: readonly (readonly [string, Cell])[]): Markup => {
  const pairs = facts.map(
    ([name, cell]) => html`<div><dt>${name}</dt><dd>${cellOf(cell)}</dd></div>
`,
  );
  return html`<dl>${pairs}</dl>
`;
};

const pictureOf = ({ title, words, drawing, only }: Picture): Markup =>
  html`<figure class="${only ?? 'always'}"><div role="img" aria-label="${words}">${drawing}</div><figcaption>${title}</figcaption></figure>
`;

const blockOf = (block: Block): Markup => {
  switch (block.kind) {
    case 'text':
      return html`<p class="${block.tone ?? 'plain'}">${block.text}</p>
`;
    case 'facts':
      return factsOf(block.facts);
    case 'table':
      return tableOf(block.head, block.rows);
    case 'commands':
      return html`<pre tabindex="0" aria-label="Commands"><code>${block.lines.join('\n')}</code></pre>
`;
    case 'pictures':
      return html`<div class="pictures">${block.pictures.map(pictureOf)}</div>
`;
  }
};

const sectionOf = ({ id, title, blocks }: Section): Markup =>
  html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${blocks.map(blockOf)}</section>
`;

const figureOf = ({ value, label, tone }: Figure): Markup =>
  html`<li class="${tone}"><strong>${value}</strong> <span>${label}</span></li>
`;

const cautionsOf = (cautions: readonly string[]): Markup =>
  cautions.length === 0
    ? nothing
    : html`<div class="cautions" role="note"><ul>${cautions.map((one) => html`<li>${one}</li>`)}</ul></div>
`;

/** A page as one file of HTML: no script, no link out, one style sheet. */
export const writeHtml = (page: Page): string => {
  const links = page.sections.map(
    ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>
`,
  );
  return textOfMarkup(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<style>${ownStyle(pageStyle)}</style>
</head>
<body>
<header class="${page.tone}">
<p class="kind">Case report</p>
<h1>${page.verdict}</h1>
<p>${page.meaning}</p>
</header>
<main>
${cautionsOf(page.cautions)}<ul class="figures">
${page.figures.map(figureOf)}</ul>
<nav aria-label="Sections"><ul>
${links}</ul></nav>
${page.sections.map(sectionOf)}</main>
<footer><p>${page.foot}</p></footer>
</body>
</html>
`);
};
