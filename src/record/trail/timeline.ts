import { caseBegan } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import { oneLine } from '../../case/one-line.ts';
import { quoted } from '../../case/quoted.ts';
import type { TimelineEvent, TimelineKind } from '../../case/timeline.ts';
import type { TrailEvent } from './event-tags.ts';
import { readEvents } from './event-tags.ts';
import { caseTag, requestedTag, stale, triggerTag } from './keys.ts';
import { releaseStepTag } from './release-tags.ts';
import type { Tags } from './tags.ts';

/** A snapshot that bears the tag of a case. */
export interface TaggedSnapshot {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly startedAt: Date | undefined;
}

/** What the tags of one case say. */
export interface TaggedStory {
  readonly caseId: string;
  /** Those of the instance; empty where it is gone. */
  readonly tags: Tags;
  readonly snapshots: readonly TaggedSnapshot[];
}

const stepPrefix = 'cordon:step:';
const stepValue = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}Z) ([a-z-]{1,40})(?: (.*))?$/;

const event = (
  kind: TimelineKind,
  at: string,
  what: string,
  more: Partial<TimelineEvent> = {},
) => ({
  kind,
  at,
  what,
  ...more,
  sources: ['tags'] as const,
});

const beginning = ({ caseId, tags }: TaggedStory): readonly TimelineEvent[] => {
  const at = caseBegan(caseId)?.toISOString();
  const [who = '', ...why] = (tags[requestedTag] ?? '').split(' ');
  if (at === undefined) return [];
  const trigger = tags[triggerTag] ?? stale;
  return [
    ...(trigger === stale ? [] : [event('finding', at, quoted(trigger, 120))]),
    ...(who === '' || who === stale
      ? []
      : [event('decision', at, `asked for by ${quoted(who, 60)}: ${quoted(why.join(' '), 120)}`)]),
  ];
};

/** `isolatedAt=2026-03-01T03:00:41.000Z` */
const cutIn = (detail: string): readonly TimelineEvent[] => {
  const at = /(?:^|\s)isolatedAt=(\d{4}-\d\d-\d\dT[\d:.]{8,18}Z)(?:\s|$)/.exec(detail)?.[1];
  return at === undefined ? [] : [event('cut', at, 'every interface was isolated')];
};

const stepEvents = (tags: Tags): readonly TimelineEvent[] =>
  Object.entries(tags).flatMap(([key, value]) => {
    const [, at, outcome, detail = ''] = stepValue.exec(value) ?? [];
    if (!key.startsWith(stepPrefix) || at === undefined) return [];
    const step = oneLine(key.slice(stepPrefix.length));
    const words = detail === '' ? '' : ` ${quoted(detail, 160)}`;
    const more = defined({ outcome });
    if (key === releaseStepTag)
      return [event('release', at, `given back: ${outcome}${words}`, more)];
    const told = event('step', at, `${step}: ${outcome}${words}`, { ...more, step });
    return step === 'isolate-network' ? [told, ...cutIn(detail)] : [told];
  });

const wordsOf: Readonly<Record<TrailEvent['kind'], string>> = {
  drift: 'isolated again; opened by',
  finding: 'another finding:',
  release: 'given back by',
};

const laterEvents = (tags: Tags): readonly TimelineEvent[] => {
  const released = stepValue.exec(tags[releaseStepTag] ?? '')?.[1];
  return readEvents(tags)
    .filter(({ at, kind }) => kind !== 'release' || at !== released)
    .map(({ at, kind, who }) =>
      event(kind, at, `${wordsOf[kind]} ${who === '-' ? 'somebody unknown' : quoted(who, 120)}`),
    );
};

/** The story of a case as its tags alone tell it, in the order of time. */
export const timelineOfTags = (story: TaggedStory): readonly TimelineEvent[] => {
  const { caseId, tags, snapshots } = story;
  const own = tags[caseTag] === caseId;
  const ofSnapshots = snapshots.flatMap(({ snapshotId, volumeId, startedAt }) =>
    startedAt === undefined
      ? []
      : [
          event('step', startedAt.toISOString(), `${snapshotId} of ${volumeId} was begun`, {
            step: 'snapshot',
          }),
        ],
  );
  const ofInstance = own ? [...beginning(story), ...stepEvents(tags), ...laterEvents(tags)] : [];
  return [...ofInstance, ...ofSnapshots].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
};
