import type { TimelineEvent } from '../../case/timeline.ts';
import { actorName } from '../actors.ts';
import { exactMoment, span } from '../moments.ts';
import type { Cell, Picture, Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import { drawnEvents, drawTimeline } from '../pictures/timeline.ts';
import type { Story } from '../story.ts';
import { toneOfOutcome } from '../tones.ts';

/** The most events that are drawn. */
const drawnAtMost = 60;

const picturesOf = (timeline: readonly TimelineEvent[]): readonly Picture[] => {
  const events = drawnEvents(timeline).slice(0, drawnAtMost);
  if (events.length === 0) return [];
  const title = 'The case in time';
  const words = `${events.length} events of the case along an axis of time; the table below has the same in words.`;
  return (['wide', 'narrow'] as const).map((only) => ({
    title,
    words,
    drawing: drawTimeline(events, only),
    only,
  }));
};

/** Calls and changes have a section of their own. */
const isTold = ({ kind }: TimelineEvent): boolean => kind !== 'call' && kind !== 'change';

const lasted = ({ at, until }: TimelineEvent): string => {
  const milliseconds = Date.parse(until ?? '') - Date.parse(at);
  return Number.isNaN(milliseconds) ? '' : span(Math.max(0, milliseconds));
};

/** Whoever told of a step, a finding or a status has not done it. */
const doers: ReadonlySet<TimelineEvent['kind']> = new Set([
  'decision',
  'message',
  'drift',
  'release',
]);

const doerOf = ({ kind, by }: TimelineEvent): string =>
  by === undefined || !doers.has(kind) ? '' : actorName(by);

const rowOf = (event: TimelineEvent, byWhom: boolean): readonly Cell[] => [
  exactMoment(event.at),
  lasted(event),
  event.kind,
  event.what,
  event.outcome === undefined ? '' : { text: event.outcome, tone: toneOfOutcome(event.outcome) },
  ...(byWhom ? [doerOf(event)] : []),
];

const explanation =
  'Each bar is a step, each diamond something that happened at one moment, and the line through all of them is the cut. What was long before or after the containment stands outside the dashed lines and is not to scale.';

/** What happened when. */
export const timelineSection = ({ timeline, source }: Story, room: Room): Section => {
  const told = timeline.filter(isTold);
  const { shown, leftOut } = capped(told, room, 'the record of the case has them all.');
  const byWhom = told.some((event) => doerOf(event) !== '');
  const pictures = picturesOf(timeline);
  return {
    id: 'timeline',
    title: 'What happened when',
    blocks: [
      ...(pictures.length === 0
        ? []
        : [
            { kind: 'pictures' as const, pictures },
            { kind: 'text' as const, text: explanation, tone: 'quiet' as const },
          ]),
      ...(source.kind === 'read-back'
        ? [
            {
              kind: 'text' as const,
              tone: 'doubt' as const,
              text: 'Without a record the story of the case is not known here: these are the steps of reading the instance back just now.',
            },
          ]
        : []),
      {
        kind: 'table',
        head: ['When (UTC)', 'Lasted', 'Kind', 'What', 'Outcome', ...(byWhom ? ['Who'] : [])],
        rows: shown.map((event) => rowOf(event, byWhom)),
      },
      ...leftOut,
    ],
  };
};
