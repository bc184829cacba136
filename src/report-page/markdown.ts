import { hiddenEscaped } from '../case/one-line.ts';
import type { Block, Cell, Page, Section } from './page.ts';

/**
 * Any text as words of Markdown on one line: it can open no link, no tag, no table cell, and calls nobody by
 * name. What looks like an address is not made a link of either (https://github.github.com/gfm/).
 */
export const escapedMarkdown = (text: string): string =>
  hiddenEscaped(text.toWellFormed())
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~#!]/g, '\\$&')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;&#47;&#47;')
    .replace(/\bwww\./gi, (word) => word.replace('.', '&#46;'));

/** A cell of a table has no lines of its own in Markdown. */
const textOf = (cell: Cell): string =>
  (typeof cell === 'string' ? cell : cell.text).split('\n').map(escapedMarkdown).join('<br>');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A fence that is longer than any run of backticks inside. */
const fenced = (lines: readonly string[]): string => {
  const text = lines.map(hiddenEscaped).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
};

const blockOf = (block: Block): string => {
  switch (block.kind) {
    case 'text':
      return escapedMarkdown(block.text);
    case 'facts':
      return block.facts.map(([name, cell]) => `- ${name}: ${textOf(cell)}`).join('\n');
    case 'table':
      return [
        row(block.head.map(escapedMarkdown)),
        row(block.head.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map(textOf))),
      ].join('\n');
    case 'commands':
      return fenced(block.lines);
    case 'pictures':
      return '';
  }
};

const sectionOf = ({ title, blocks }: Section): string =>
  [`## ${escapedMarkdown(title)}`, ...blocks.map(blockOf).filter((text) => text !== '')].join(
    '\n\n',
  );

/** A page as Markdown; the drawings are left out, and the tables beside them have the same. */
export const writeMarkdown = (page: Page): string =>
  [
    `# ${escapedMarkdown(page.verdict)}`,
    escapedMarkdown(page.meaning),
    ...page.cautions.map((one) => `> ${escapedMarkdown(one)}`),
    page.figures
      .map(({ value, label }) => `- **${escapedMarkdown(value)}** ${escapedMarkdown(label)}`)
      .join('\n'),
    ...page.sections.map(sectionOf),
    escapedMarkdown(page.foot),
    '',
  ].join('\n\n');
