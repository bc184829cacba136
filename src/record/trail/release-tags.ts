import { caseTag, foundGroupsTag, isBeforeKey, sealTag } from './keys.ts';
import type { Tags } from './tags.ts';

/** What became of a release, for the auditor. */
export const releaseStepTag = 'cordon:step:release';

/** The keys that end with a case, on an interface or a volume: everything of it and of the time before. */
export const endedKeys = (tags: Tags): readonly string[] =>
  Object.keys(tags).filter(
    (key) => key === caseTag || key === foundGroupsTag || key === sealTag || isBeforeKey(key),
  );

/** On the instance, which keeps the story of its case, only what was before ends. */
export const endedInstanceKeys = (tags: Tags): readonly string[] =>
  Object.keys(tags).filter((key) => isBeforeKey(key));
