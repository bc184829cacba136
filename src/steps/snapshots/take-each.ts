import { CreateSnapshotCommand } from '@aws-sdk/client-ec2';
import { sweep } from '../../aws/sweep.ts';
import { toTags } from '../../aws/tags.ts';
import type { Before, Volume } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { SnapshotRecord } from '../../case/details.ts';
import { snapshotTags, snapshotVolumeTags } from '../../record/trail/snapshot-tags.ts';
import type { SnapshotDeps } from './find.ts';
import { setDescription } from './take-set.ts';
import { tryTaking } from './try-taking.ts';

/** How many volumes are asked for at once; the account has 100 such calls, and 5 more a second. */
const width = 5;

/** What was taken of the volumes, and what EC2 answered for the others. */
export interface TakenEach {
  readonly taken: readonly SnapshotRecord[];
  readonly refused: readonly { readonly volume: Volume; readonly error: unknown }[];
}

const createOne = async (
  { clients }: SnapshotDeps,
  { caseId, instanceId }: Case,
  { id: volumeId, device }: Volume,
): Promise<readonly SnapshotRecord[]> => {
  const { SnapshotId } = await clients.ec2SingleAttempt.send(
    new CreateSnapshotCommand({
      VolumeId: volumeId,
      Description: setDescription(caseId),
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          Tags: toTags({
            ...snapshotTags(caseId, instanceId),
            ...snapshotVolumeTags(volumeId, device),
          }),
        },
      ],
    }),
  );
  return SnapshotId === undefined ? [] : [{ snapshotId: SnapshotId, volumeId, device }];
};

/**
 * Volume by volume, where EC2 refuses the set: one that is busy, or beyond its quota, refuses the
 * set of all (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshots.html). Never
 * throws.
 */
export const takeEach = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
  volumes: readonly Volume[],
): Promise<TakenEach> => {
  const taken: SnapshotRecord[] = [];
  const failures = await sweep(
    volumes,
    async (volume) => {
      const call = () => createOne(deps, theCase, volume);
      taken.push(...(await tryTaking(deps, theCase, before, [volume.id], call)));
    },
    width,
  );
  return { taken, refused: failures.map(({ item, error }) => ({ volume: item, error })) };
};
