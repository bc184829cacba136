import type { Instance } from '../../../case/before.ts';
import type { Phase } from '../../../case/undo/inverse.ts';
import { readPartialRelease } from '../partial-release.ts';
import { releaseStepTag } from '../release-tags.ts';
import type { SealState } from './judge-seal.ts';
import type { Seals } from './judge-trail.ts';

/**
 * What a person gave back of an open case, as the trail of the instance says. The note counts only
 * where the seal covers it, because whoever may tag could write it to keep a host open.
 *
 * @param states the states of the seal that are good enough.
 */
export const givenBackIn = (
  { id, tags }: Instance,
  seals: Seals,
  ...states: readonly SealState[]
): readonly Phase[] => {
  const { state, seal } = seals[id] ?? {};
  return state !== undefined &&
    states.includes(state) &&
    seal?.covered.includes(releaseStepTag) === true
    ? readPartialRelease(tags[releaseStepTag] ?? '')
    : [];
};
