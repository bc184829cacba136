import { inWords } from '../aws/errors.ts';
import type { FoundCase } from '../find-case.ts';
import { eventTag } from '../record/trail/event-tags.ts';
import { releaseStepTag } from '../record/trail/release-tags.ts';
import { writeStory } from '../release/seal-story.ts';
import type { RecordedCall } from './event.ts';
import type { DriftDeps } from './result.ts';

/**
 * Notes in the trail of a case that it was isolated again, and who had opened it, where a call shows it.
 * Never rejects: people are told whether the trail has it or not.
 */
export const noteDrift = async (
  deps: DriftDeps,
  found: FoundCase,
  call: RecordedCall | undefined,
): Promise<void> => {
  const {
    instance: { tags },
    givenBack = [],
  } = found.before;
  const at = deps.clock.now().toISOString();
  const event = { at, kind: 'drift', who: call?.by ?? '-' } as const;
  // What a person gave back counts only where the seal covers the note of it.
  const note = givenBack.length === 0 ? {} : { [releaseStepTag]: tags[releaseStepTag] ?? '' };
  const story = { ...note, ...eventTag(tags, event) };
  await writeStory(deps, found, story, 'remembered').catch((error: unknown) => {
    deps.log.error('the trail does not say that the case drifted', {
      caseId: found.case.caseId,
      error: inWords(error),
    });
  });
};
