import type { EC2Client } from '@aws-sdk/client-ec2';
import { DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { inWords } from '../aws/errors.ts';
import { writeTags } from '../aws/tags.ts';
import { endOfCase } from '../trail/journal.ts';
import { statusTag } from '../trail/keys.ts';
import { naclNoteTag } from '../trail/nacl-note.ts';
import {
  endedInstanceKeys,
  endedKeys,
  releaseEvent,
  releaseStepTag,
} from '../trail/release-tags.ts';
import { tagValue } from '../trail/tag-value.ts';
import type { Releasable } from './find-released.ts';
import type { ReleaseDeps } from './release-deps.ts';

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
  { clients }: ReleaseDeps,
  instanceId: string,
  status: 'releasing' | 'release-incomplete',
): Promise<void> => writeTags(clients.ec2, [instanceId], { [statusTag]: status });

/**
 * Closes the trail of a case that was given back: the before-values go, the story stays. The status
 * comes last, so that a release that is killed here is one that can be run again.
 */
export const closeTrail = async (
  { clients, clock, journal, log }: ReleaseDeps,
  { found, notedAclIds }: Releasable,
  { who, reason }: Releaser,
): Promise<void> => {
  const { instance } = found.before;
  const { ec2 } = clients;
  const at = clock.now().toISOString();
  const said = tagValue([at, 'done', who, reason ?? ''].join(' ').trim());
  await writeTags(ec2, [instance.id], {
    [releaseStepTag]: said,
    ...releaseEvent(instance.tags, at, who),
  });
  await Promise.all([
    ...instance.networkInterfaces.map(({ id, cordonTags = {} }) =>
      deleteTags(ec2, id, endedKeys(cordonTags)),
    ),
    ...instance.volumes.map(({ id, cordonTags = {} }) =>
      deleteTags(ec2, id, endedKeys(cordonTags)),
    ),
    ...notedAclIds.map((id) => deleteTags(ec2, id, [naclNoteTag(instance.id)])),
    deleteTags(ec2, instance.id, endedInstanceKeys(instance.tags)),
  ]);
  await writeTags(ec2, [instance.id], endOfCase);
  const { accountId, region, caseId, instanceId } = found.case;
  await journal
    ?.append({ accountId, region, instanceId }, caseId, { [instanceId]: endOfCase })
    .catch((error: unknown) => {
      log.error('the journal of this machine does not say that the case has ended', {
        caseId,
        error: inWords(error),
      });
    });
};
