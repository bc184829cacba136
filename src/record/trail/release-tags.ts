import { caseTag, foundGroupsTag, isBeforeKey, sealTag } from './keys.ts';
import { tagValue } from './tag-value.ts';
import type { Tags } from './tags.ts';

/** What became of a release, for the auditor. */
export const releaseStepTag = 'cordon:step:release';

const eventPrefix = 'cordon:event:';

/** At most so many events stand in tags; the oldest gives way. */
const mostEvents = 8;

/** The keys that end with a case, on an interface or a volume: everything of it and of the time before. */
export const endedKeys = (tags: Tags): readonly string[] =>
  Object.keys(tags).filter(
    (key) => key === caseTag || key === foundGroupsTag || key === sealTag || isBeforeKey(key),
  );

/** On the instance, which keeps the story of its case, only what was before ends. */
export const endedInstanceKeys = (tags: Tags): readonly string[] =>
  Object.keys(tags).filter((key) => isBeforeKey(key));

/** `<time> release <who>`, under the next number, or the oldest's. */
export const releaseEvent = (present: Tags, at: string, who: string): Tags => {
  const events = Object.entries(present)
    .filter(([key]) => key.startsWith(eventPrefix))
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  const taken = new Set(events.map(([key]) => key));
  const numbers = Array.from({ length: mostEvents }, (_, n) => `${eventPrefix}${n + 1}`);
  const key = numbers.find((one) => !taken.has(one)) ?? events[0]?.[0] ?? numbers[0] ?? '';
  return { [key]: tagValue(`${at} release ${who}`) };
};
