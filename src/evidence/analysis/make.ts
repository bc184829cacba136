import { CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { asCordonError, codeOf } from '../../aws/errors.ts';
import type { FoundVolume } from '../../aws/made-volumes.ts';
import { toFoundVolume } from '../../aws/made-volumes.ts';
import type { FoundSnapshot } from '../../aws/snapshots.ts';
import { toTags } from '../../aws/tags.ts';
import { AnalysisIncompleteError } from '../../case/errors.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import type { Waiting } from './await-volume.ts';
import { awaitVolume, isGoneForGood } from './await-volume.ts';
import type { Examiner } from './examiner.ts';
import { analysisTags, makingToken } from './marks.ts';

/** How many volumes in a row may have been deleted by hand, before somebody should look. */
const mostDeleted = 5;

/**
 * The one call. Neither size nor encryption is named: a volume has those of its snapshot
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html).
 */
const create = async (
  { ec2 }: Waiting,
  theCase: EvidenceCase,
  snapshot: FoundSnapshot,
  { instanceId, zone }: Examiner,
  generation: number,
): Promise<FoundVolume> =>
  toFoundVolume(
    await ec2.send(
      new CreateVolumeCommand({
        SnapshotId: snapshot.snapshotId,
        AvailabilityZone: zone,
        VolumeType: 'gp3',
        ClientToken: makingToken(theCase, snapshot.snapshotId, instanceId, generation),
        TagSpecifications: [
          { ResourceType: 'volume', Tags: toTags(analysisTags(theCase, snapshot, instanceId)) },
        ],
      }),
    ),
  );

/**
 * Makes a volume of a snapshot in the zone of the examiner's instance, and waits until it can be attached.
 * Made once, however often it is asked for: by the client token, whose answer may be a volume that was
 * deleted since.
 *
 * @throws AnalysisIncompleteError, and what AWS answered as an error of Cordon's.
 */
export const makeVolume = async (
  waiting: Waiting,
  theCase: EvidenceCase,
  snapshot: FoundSnapshot,
  examiner: Examiner,
  custody: readonly CustodyEntry[],
): Promise<FoundVolume> => {
  const { snapshotId } = snapshot;
  const first = custody.filter(
    ({ what, piece }) => what === 'cleaned' && piece === snapshotId,
  ).length;
  for (let generation = first; generation <= first + mostDeleted; generation += 1) {
    const made = await create(waiting, theCase, snapshot, examiner, generation).catch(
      (error: unknown) => {
        if (codeOf(error) === 'InvalidVolume.NotFound') return undefined;
        throw asCordonError(error, `Making a volume of ${snapshotId}`);
      },
    );
    if (made === undefined || (await isGoneForGood(waiting, made.volumeId))) continue;
    const ready = await awaitVolume(
      waiting,
      made.volumeId,
      (volume) => volume?.state === 'available' || volume?.state === 'in-use',
      'ask again, which goes on with it.',
    );
    if (ready !== undefined) return ready;
  }
  throw new AnalysisIncompleteError(
    `${mostDeleted + 1} volumes that were made of ${snapshotId} are gone: look whether the key of the snapshot may be used, and in CloudTrail who deletes them.`,
  );
};
