import type { TimelineEvent } from '../case/timeline.ts';

/** Who writes the tag and who writes the record read their clocks one after the other, in milliseconds. */
const sameMoment = 2_000;

/** A release and a drift are written to the tags at their end, and to the record as they begin. */
const sameWork = 120_000;

const timesOf = ({ at, until }: TimelineEvent): readonly number[] =>
  [at, until ?? at].map((time) => Date.parse(time));

const isNear = (a: TimelineEvent, b: TimelineEvent, most: number): boolean =>
  timesOf(a).some((one) => timesOf(b).some((other) => Math.abs(one - other) <= most));

const sameOutcome = (a: TimelineEvent, b: TimelineEvent): boolean =>
  a.outcome === undefined || b.outcome === undefined || a.outcome === b.outcome;

/** Whether an event of the tags is this one of the record. */
const isSame = (tag: TimelineEvent, record: TimelineEvent): boolean => {
  if (tag.kind !== record.kind) return false;
  switch (tag.kind) {
    case 'step':
      return (
        tag.step === record.step && sameOutcome(tag, record) && isNear(tag, record, sameMoment)
      );
    case 'drift':
    case 'release':
      return isNear(tag, record, sameWork);
    default:
      return isNear(tag, record, sameMoment);
  }
};

/** The tags date the beginning by the id of the case alone: the first finding of the record is theirs. */
const isBeginning = (event: TimelineEvent, tags: readonly TimelineEvent[]): boolean =>
  event.kind === 'decision' || event === tags.find(({ kind }) => kind === 'finding');

/** Two timelines of one case as one. */
export interface MergedTimeline {
  /** In the order of time; what both tell stands there once, as the record tells it. */
  readonly events: readonly TimelineEvent[];
  /** What the tags tell and the record does not. */
  readonly onlyInTags: readonly TimelineEvent[];
}

/**
 * Merges what the tags and what the record tell of a case.
 *
 * @param isKnown whether the record knows of it otherwise than by an event of its own.
 */
export const mergeTimelines = (
  tags: readonly TimelineEvent[],
  record: readonly TimelineEvent[],
  isKnown: (event: TimelineEvent) => boolean,
): MergedTimeline => {
  const both = new Set<TimelineEvent>();
  const onlyInTags: TimelineEvent[] = [];
  for (const event of tags) {
    const found = isBeginning(event, tags)
      ? record.find(({ kind }) => kind === 'finding')
      : record.find((one) => !both.has(one) && isSame(event, one));
    if (found !== undefined) both.add(found);
    else if (!isKnown(event)) onlyInTags.push(event);
  }
  const events = record.map((event) =>
    both.has(event) ? { ...event, sources: ['tags', 'record'] as const } : event,
  );
  const lone = tags.filter((event) => onlyInTags.includes(event));
  return {
    events: [...events, ...lone].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    onlyInTags,
  };
};
