import { cordonCommand } from '../case/cordon-command.ts';
import { beginningOf } from '../case/report-size.ts';
import { writeHtml } from './html.ts';
import { writeMarkdown } from './markdown.ts';
import { moment } from './moments.ts';
import type { Block, Cell, Page, Room, Section } from './page.ts';
import { changesSection } from './sections/changes.ts';
import { controlsSection } from './sections/controls.ts';
import { evidenceSection } from './sections/evidence.ts';
import { networkSection } from './sections/network.ts';
import { risksSection } from './sections/risks.ts';
import { summarySection } from './sections/summary.ts';
import { timelineSection } from './sections/timeline.ts';
import { undoSection } from './sections/undo.ts';
import type { Source, Story } from './story.ts';
import { figuresOf, verdictOfStory } from './verdict.ts';

/** The most bytes of a page: it is sent by mail. */
export const maximumPageBytes = 150_000;

type RecordSource = Extract<Source, { readonly kind: 'record' }>;

const rooms: readonly Room[] = [
  { rows: 200, characters: 1_500 },
  { rows: 100, characters: 1_000 },
  { rows: 60, characters: 500 },
  { rows: 30, characters: 250 },
  { rows: 12, characters: 120 },
  { rows: 4, characters: 60 },
];

const cautionsOf = ({ report, source, notes, timeline }: Story): readonly string[] => {
  const released = timeline.findLast(({ kind }) => kind === 'release');
  return [
    ...(source.kind === 'record'
      ? [
          ...source.breaks.map((one) => `THE RECORD WAS CHANGED: ${one}`),
          ...source.doubts.map((one) => `Not verified: ${one}`),
        ]
      : [`This page is not made from the record of the case: ${source.why}`]),
    ...(released === undefined
      ? []
      : [
          `Since then, at ${moment(released.at)}: ${released.outcome ?? 'a release'}. ${released.what}`,
        ]),
    ...(typeof report.recordMissing === 'string'
      ? [`Not everything is in the record: ${report.recordMissing}`]
      : []),
    ...(report.truncated === true
      ? ['Lists of the case report were shortened to keep it small; the log has them whole.']
      : []),
    ...notes,
  ];
};

/** Whether a record is as Cordon wrote it, as far as that was looked at. */
const soundness = ({ objects, breaks, doubts, pending }: RecordSource): string => {
  const more = pending === 0 ? '' : `; ${pending} notes wait to be appended to it`;
  if (breaks.length > 0)
    return `NOT as Cordon wrote it (${objects} objects can be believed)${more}`;
  return doubts.length > 0
    ? `its ${objects} objects link by their hashes${more}`
    : `its ${objects} objects are signed and link by their hashes${more}`;
};

const footOf = ({ report, source, madeAt }: Story): string => {
  const made = `Made ${moment(madeAt)} by cordon report.`;
  const again = `Read the instance back: ${cordonCommand('verify', report)}.`;
  return source.kind === 'record'
    ? `Record ${source.head.slice(0, 16)}: ${soundness(source)}. ${made} ${again}`
    : `${made} ${again}`;
};

const shortened = (cell: Cell, { characters }: Room): Cell =>
  typeof cell === 'string'
    ? beginningOf(cell, characters)
    : { ...cell, text: beginningOf(cell.text, characters) };

/** Every value at most so long; half a command would do something else, so a long one is left out. */
const shortenedBlock = (block: Block, room: Room): Block => {
  switch (block.kind) {
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map((one) => shortened(one, room))) };
    case 'facts':
      return { ...block, facts: block.facts.map(([name, cell]) => [name, shortened(cell, room)]) };
    case 'text':
      return { ...block, text: beginningOf(block.text, Math.max(400, room.characters)) };
    case 'commands': {
      const longest = Math.max(2_000, 4 * room.characters);
      const fits = block.lines.filter((line) => line.length <= longest);
      const left = block.lines.length - fits.length;
      const said = left === 0 ? [] : [`# ${left} commands are too long for this page.`];
      return { ...block, lines: [...fits, ...said] };
    }
    default:
      return block;
  }
};

/** The page of a story, with no more than there is room for. */
const pageOf = (story: Story, room: Room): Page => {
  const sections: readonly Section[] = [
    summarySection(story),
    timelineSection(story, room),
    networkSection(story, room),
    controlsSection(story, room),
    risksSection(story, room),
    evidenceSection(story, room),
    changesSection(story, room),
    undoSection(story, room),
  ];
  const verdict = verdictOfStory(story);
  return {
    title: `Case report: ${verdict.verdict}`,
    ...verdict,
    cautions: cautionsOf(story)
      .slice(0, 12)
      .map((one) => beginningOf(one, 600)),
    figures: figuresOf(story),
    sections: sections.map((section) => ({
      ...section,
      blocks: section.blocks.map((block) => shortenedBlock(block, room)),
    })),
    foot: footOf(story),
  };
};

/** The page as text, with its lists shortened until it fits. */
const fitting = (story: Story, write: (page: Page) => string): string => {
  let text = '';
  for (const room of rooms) {
    text = write(pageOf(story, room));
    if (Buffer.byteLength(text, 'utf8') < maximumPageBytes) break;
  }
  return text;
};

/** The verdict of a story in a few words. */
export const verdictWords = (story: Story): string => verdictOfStory(story).verdict;

/** One page of HTML that needs nothing else, always under 150 KB. */
export const retellAsHtml = (story: Story): string => fitting(story, writeHtml);

/** The same content as Markdown, without the drawings. */
export const retellAsMarkdown = (story: Story): string => fitting(story, writeMarkdown);

/** The same content for programs, whole. */
export const retellAsJson = (story: Story): string =>
  `${JSON.stringify({ ...verdictOfStory(story), ...story }, null, 2)}\n`;
