import { oneLine } from '../../case/one-line.ts';
import type { JournalEntry } from '../../record/journal/entry.ts';
import { actorName, actorsOf } from '../actors.ts';
import { exactMoment } from '../moments.ts';
import type { Block, Cell, Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import { changesWithRequestIds } from '../request-ids.ts';
import type { Story } from '../story.ts';
import { toneOfOutcome } from '../tones.ts';

/** What gives something back says both in one text, and has no before of its own. */
const changeOf = ({ before, after, sentence }: JournalEntry): string =>
  oneLine(before === undefined ? (after ?? sentence ?? '') : `${before} → ${after ?? 'unknown'}`);

/** Two values that belong together stand in one column, one above the other: seven columns fit no sheet. */
const rowOf = (entry: JournalEntry): readonly Cell[] => [
  `${exactMoment(entry.at)}\n${actorName(entry.actor)}`,
  `${entry.call ?? entry.kind}\n${oneLine(entry.resource ?? '')}`,
  changeOf(entry),
  { text: entry.outcome ?? 'unknown', tone: toneOfOutcome(entry.outcome) },
  { text: entry.requestId ?? 'unknown', code: true },
];

const actorBlocks = (entries: readonly JournalEntry[], room: Room): readonly Block[] => {
  const actors = [...actorsOf(entries.map(({ actor }) => actor))];
  const { shown, leftOut } = capped(actors, room, 'the record of the case has them all.');
  return [
    {
      kind: 'table',
      head: ['Who', 'In full'],
      rows: shown.map(([name, all]) => [name, { text: all.join(' '), code: true }]),
    },
    ...leftOut,
  ];
};

const unknownActors: Block = {
  kind: 'text',
  tone: 'doubt',
  text: 'No journal of this case was read, so this page does not say who made which call. CloudTrail has the calls of Cordon’s roles and of people, and the log of the functions has each change with its undo.',
};

/** Who changed what, with what finds the call in CloudTrail. */
export const changesSection = ({ entries }: Story, room: Room): Section => {
  const changes = changesWithRequestIds(entries);
  const { shown, leftOut } = capped(changes, room, 'the record of the case has them all.');
  return {
    id: 'changes',
    title: 'Who did what',
    blocks:
      changes.length === 0
        ? [unknownActors]
        : [
            {
              kind: 'text',
              text: 'Every change that was made. The request id finds the same call in CloudTrail.',
            },
            {
              kind: 'table',
              head: ['When (UTC) and who', 'Call and resource', 'Change', 'Outcome', 'Request id'],
              rows: shown.map(rowOf),
            },
            ...leftOut,
            ...actorBlocks(changes, room),
          ],
  };
};
