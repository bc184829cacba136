import type { EC2Client } from '@aws-sdk/client-ec2';
import { DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import type { Phase } from '../case/undo/inverse.ts';
import type { FoundCase } from '../find-case.ts';
import { aclSealTag } from '../record/trail/acl-trail.ts';
import { eventTag } from '../record/trail/event-tags.ts';
import { endOfCase } from '../record/trail/journal.ts';
import { statusTag } from '../record/trail/keys.ts';
import { naclNoteTag } from '../record/trail/nacl-note.ts';
import { writePartialRelease } from '../record/trail/partial-release.ts';
import { endedInstanceKeys, endedKeys, releaseStepTag } from '../record/trail/release-tags.ts';
import { tagValue } from '../record/trail/tag-value.ts';
import type { Releasable } from './find-released.ts';
import type { ReleaseDeps } from './release-deps.ts';
import { writeStory } from './seal-story.ts';

/** Who releases, and why. */
export interface Releaser {
  readonly who: string;
  readonly reason?: string;
}

const deleteTags = async (
  ec2: EC2Client,
  resourceId: string,
  keys: readonly string[],
): Promise<void> => {
  if (keys.length === 0) return;
  await ec2.send(
    new DeleteTagsCommand({ Resources: [resourceId], Tags: keys.map((Key) => ({ Key })) }),
  );
};

/** The status of a release under way, which the watch and a repeat look at. */
export const writeStatus = (
  deps: ReleaseDeps,
  found: FoundCase,
  status: 'releasing' | 'release-incomplete',
): Promise<void> => writeStory(deps, found, { [statusTag]: status }, 'remembered');

/** Notes what was given back of a case that stays open, so that the watch does not take it for drift. */
export const notePartial = async (
  deps: ReleaseDeps,
  { found }: Releasable,
  given: readonly Phase[],
  { who, reason }: Releaser,
): Promise<void> => {
  const at = deps.clock.now().toISOString();
  const all = [...new Set([...(found.before.givenBack ?? []), ...given])];
  const tags = {
    [releaseStepTag]: writePartialRelease({ at, phases: all, who, ...defined({ reason }) }),
    ...eventTag(found.before.instance.tags, { at, kind: 'release', who }),
  };
  await writeStory(deps, found, tags, 'remembered');
};

/**
 * Ends a case of which nothing is given back, because a person says so. What was before stays
 * remembered: it can still be given back later.
 */
export const closeAsItStands = async (
  deps: ReleaseDeps,
  { found }: Releasable,
  { who, reason }: Releaser,
): Promise<void> => {
  const at = deps.clock.now().toISOString();
  const tags = {
    [releaseStepTag]: tagValue([at, 'closed', who, reason ?? ''].join(' ').trim()),
    ...eventTag(found.before.instance.tags, { at, kind: 'release', who }),
    [statusTag]: 'closed',
  };
  await writeStory(deps, found, tags, 'remembered');
};

/** Says in the journal of this machine, where there is one, that the case has ended. */
export const endInJournal = async (
  { journal, log }: Pick<ReleaseDeps, 'journal' | 'log'>,
  { accountId, region, caseId, instanceId }: Case,
): Promise<void> => {
  await journal
    ?.append({ accountId, region, instanceId }, caseId, { [instanceId]: endOfCase })
    .catch((error: unknown) => {
      log.error('the journal of this machine does not say that the case has ended', {
        caseId,
        error: inWords(error),
      });
    });
};

/**
 * Closes the trail of a case that was given back: the before-values go, the story stays. The status
 * comes last, so that a release that is killed here is one that can be run again.
 */
export const closeTrail = async (
  deps: ReleaseDeps,
  { found, aclNotes }: Releasable,
  { who, reason }: Releaser,
  status: 'released' | 'closed',
): Promise<void> => {
  const { clients, clock } = deps;
  const { instance } = found.before;
  const { ec2 } = clients;
  const at = clock.now().toISOString();
  const said = tagValue([at, 'done', who, reason ?? ''].join(' ').trim());
  const story = {
    [releaseStepTag]: said,
    ...eventTag(instance.tags, { at, kind: 'release', who }),
  };
  // Sealed without what was before, so that a release that is killed below leaves no broken seal.
  await writeStory(deps, found, story, 'ended');
  await Promise.all([
    ...instance.networkInterfaces.map(({ id, cordonTags = {} }) =>
      deleteTags(ec2, id, endedKeys(cordonTags)),
    ),
    ...instance.volumes.map(({ id, cordonTags = {} }) =>
      deleteTags(ec2, id, endedKeys(cordonTags)),
    ),
    ...Object.keys(aclNotes).map((id) =>
      deleteTags(ec2, id, [naclNoteTag(instance.id), aclSealTag(instance.id)]),
    ),
    deleteTags(ec2, instance.id, endedInstanceKeys(instance.tags)),
  ]);
  await writeStory(deps, found, { ...story, [statusTag]: status }, 'ended');
  await endInJournal(deps, found.case);
};
