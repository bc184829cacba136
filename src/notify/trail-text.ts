import { oneLine } from '../case/one-line.ts';
import type { TimelineEvent } from '../case/timeline.ts';
import type { Retelling } from '../retelling/retelling.ts';

/** Characters of a line of a terminal. */
const width = 80;

/** Words on lines that a terminal does not break; a longer word has a line of its own. */
const wrapped = (text: string, indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + next.length > width) {
      lines.push(`${indent}${line}`);
      line = word;
    } else line = next;
  }
  return [...lines, `${indent}${line}`];
};

/** The first and last line of what `cordon trail` shows: the verdict, and why. */
export const trailVerdict = ({ verdict, reason }: Retelling): string =>
  `TRAIL ${verdict}: ${oneLine(reason)}`;

/** `2026-03-01 03:00:41` */
const moment = (at: string): string => oneLine(at).slice(0, 19).replace('T', ' ');

const marks = (sources: TimelineEvent['sources']): string =>
  ['tags', 'record'].map((one) => (sources.some((other) => other === one) ? one[0] : ' ')).join('');

const eventLines = ({ at, kind, what, by, sources }: TimelineEvent): readonly string[] => {
  const actor = by === undefined ? '' : ` by ${oneLine(by).split(/[/:]/).at(-1)}`;
  const start = `${moment(at)} ${marks(sources)} ${kind.padEnd(8)} `;
  const [first = '', ...others] = wrapped(`${oneLine(what)}${actor}`, ' '.repeat(start.length));
  return [`${start}${first.trimStart()}`, ...others];
};

const section = (title: string, sentences: readonly string[]): readonly string[] =>
  sentences.length === 0
    ? []
    : ['', title, ...sentences.flatMap((one) => wrapped(`- ${oneLine(one)}`, '  '))];

/** Single calls are in the JSON; a person reads what they amount to. */
const isForPeople = ({ kind, sources }: TimelineEvent): boolean =>
  kind !== 'call' || sources.includes('tags');

/** What `cordon trail` shows a person: the verdict, what is wrong, what happened, the verdict. */
export const trailText = (story: Retelling): string => {
  const { caseId, accountId, region, broken, disagreements, doubts, remarks } = story;
  const { timeline, record, seals } = story;
  const shown = timeline.filter(isForPeople);
  const calls = timeline.length - shown.length;
  const verdict = trailVerdict(story);
  return [
    verdict,
    `case ${caseId}`,
    `account ${accountId}, ${region}`,
    ...section('WHAT IS BROKEN', broken),
    ...section('WHERE THEY DISAGREE', disagreements),
    ...section('WHAT COULD NOT BE TOLD', doubts),
    ...section('TO KNOW', remarks),
    '',
    'WHAT HAPPENED (UTC; t: told by tags, r: by the record)',
    ...(shown.length === 0 ? ['  nothing is told'] : shown.flatMap(eventLines)),
    ...(calls === 0 ? [] : [`${calls} calls of AWS are in the record: --json lists them`]),
    ...section('WHAT VOUCHES FOR IT', [
      ...(record === undefined
        ? []
        : [`record: ${record.objects} objects, head ${record.head.slice(0, 16)}`]),
      ...Object.entries(seals).map(([id, state]) => `seal of ${id}: ${state}`),
    ]),
    '',
    verdict,
  ].join('\n');
};

/** What `cordon trail --all` shows: how many cases hold, then each of them. */
export const trailsText = (stories: readonly Retelling[]): string => {
  const verdict = trailsVerdict(stories);
  return [
    verdict,
    ...stories.map(
      (one) => `  ${one.caseId} ${one.verdict}${one.verdict === 'HOLDS' ? '' : `: ${one.reason}`}`,
    ),
    verdict,
  ].join('\n');
};

/** The first and last line of what `cordon trail --all` shows. */
export const trailsVerdict = (stories: readonly Retelling[]): string => {
  const others = stories.filter(({ verdict }) => verdict !== 'HOLDS').length;
  return others === 0
    ? `TRAILS HOLD: ${stories.length} case${stories.length === 1 ? '' : 's'}`
    : `TRAILS DO NOT ALL HOLD: ${others} of ${stories.length} cases`;
};
