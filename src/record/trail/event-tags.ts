import { readNumbered } from './numbered.ts';
import { tagValue } from './tag-value.ts';
import type { Tags } from './tags.ts';

/** Keys of what happened to a case after its first run; a number follows. */
export const eventPrefix = 'cordon:event:';

/** At most so many events stand in tags; the oldest gives way. */
const mostEvents = 8;

/** What may happen to a case after its first run. */
export const trailEventKinds = ['drift', 'finding', 'release'] as const;

/** Something that happened to a case after its first run. */
export interface TrailEvent {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly kind: (typeof trailEventKinds)[number];
  /** Who did it, or what was found: words of outside, on one line. */
  readonly who: string;
}

/** `<time> drift|finding|release <who>`; `-` where nobody is known. */
export const writeEvent = ({ at, kind, who }: TrailEvent): string =>
  tagValue(`${at} ${kind} ${tagValue(who) || '-'}`);

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) (drift|finding|release) (\S.*)$/;

/** What the tag says; undefined for a value of another form. */
export const readEvent = (value: string): TrailEvent | undefined => {
  const [, at, word, who] = pattern.exec(value) ?? [];
  const kind = trailEventKinds.find((one) => one === word);
  if (at === undefined || who === undefined || kind === undefined) return undefined;
  return Number.isNaN(Date.parse(at)) ? undefined : { at, kind, who };
};

/** The events of an instance, the oldest first; tags of another form are left out. */
export const readEvents = (tags: Tags): readonly TrailEvent[] =>
  readNumbered(tags, eventPrefix)
    .flatMap((value) => readEvent(value) ?? [])
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

/**
 * The numbers in the order in which an event looks for a free one. A run, the watch and a release may write
 * at the same time, each from tags that it has read before, and EC2 has no conditional write of tags: each
 * kind begins at a number of its own, so that none is put over one of another kind.
 */
const numbersFor = (kind: TrailEvent['kind']): readonly string[] => {
  const first = trailEventKinds.indexOf(kind) * Math.floor(mostEvents / trailEventKinds.length);
  return Array.from(
    { length: mostEvents },
    (_, n) => `${eventPrefix}${((first + n) % mostEvents) + 1}`,
  );
};

/** The tag of a further event: under a number that is free, or in the place of the oldest. */
export const eventTag = (present: Tags, event: TrailEvent): Tags => {
  const value = writeEvent(event);
  const events = Object.entries(present)
    .filter(([key]) => key.startsWith(eventPrefix))
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  const same = events.find(([, one]) => one === value);
  if (same !== undefined) return { [same[0]]: value };
  const taken = new Set(events.map(([key]) => key));
  const numbers = numbersFor(event.kind);
  const key = numbers.find((one) => !taken.has(one)) ?? events[0]?.[0] ?? numbers[0] ?? '';
  return { [key]: value };
};
