import type { CreateSnapshotsCommandOutput } from '@aws-sdk/client-ec2';
import { CreateSnapshotsCommand } from '@aws-sdk/client-ec2';
import { toTags } from '../../aws/tags.ts';
import type { Before } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { SnapshotRecord } from '../../case/details.ts';
import { snapshotTags } from '../../record/trail/snapshot-tags.ts';
import type { SnapshotDeps } from './find.ts';
import { toRecords } from './find.ts';
import { tryTaking } from './try-taking.ts';

export const setDescription = (caseId: string): string => `Cordon evidence, case ${caseId}`;

/** The one call that takes all volumes at one instant. */
export const createSet = (
  { clients }: SnapshotDeps,
  theCase: Case,
  dryRun: boolean,
): Promise<CreateSnapshotsCommandOutput> =>
  clients.ec2SingleAttempt.send(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId: theCase.instanceId, ExcludeBootVolume: false },
      Description: setDescription(theCase.caseId),
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          Tags: toTags(snapshotTags(theCase.caseId, theCase.instanceId)),
        },
      ],
      ...(dryRun ? { DryRun: true } : {}),
    }),
  );

/**
 * Snapshots of all volumes, consistent with one another.
 *
 * @throws what EC2 answered: it takes all of them or none.
 */
export const takeSet = (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<readonly SnapshotRecord[]> => {
  const volumeIds = before.instance.volumes.map((volume) => volume.id);
  return tryTaking(deps, theCase, before, volumeIds, async () => {
    const { Snapshots = [] } = await createSet(deps, theCase, false);
    const taken = Snapshots.flatMap(({ SnapshotId, VolumeId }) =>
      SnapshotId === undefined || VolumeId === undefined
        ? []
        : [{ snapshotId: SnapshotId, volumeId: VolumeId }],
    );
    return toRecords(taken, before);
  });
};
