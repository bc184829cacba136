import type { CreateVolumeCommandInput } from '@aws-sdk/client-ec2';
import { CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { toTags } from '../../../aws/tags.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { bytesPerGibibyte } from '../block.ts';
import { clientToken, readVolumes } from '../case-volumes.ts';
import type { Stage, StageDeps, Work } from '../work.ts';
import { lookAgain, onTo, tagsOf } from '../work.ts';

/** Ten minutes. */
const mostLooks = 120;

/** MiB in a second that the image's volume takes: most hosts do not write faster to one volume. */
const throughput = 500;

const create = async (
  { clients, ways }: StageDeps,
  work: Work,
  role: 'image' | 'tools',
  more: Partial<CreateVolumeCommandInput>,
): Promise<string> => {
  const { VolumeId } = await clients.ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: work.zone,
      VolumeType: 'gp3',
      Encrypted: true,
      ...(ways.keyArn === '' ? {} : { KmsKeyId: ways.keyArn }),
      ClientToken: clientToken(work, role),
      TagSpecifications: [{ ResourceType: 'volume', Tags: toTags(tagsOf(work.origin, role)) }],
      ...more,
    }),
  );
  if (VolumeId !== undefined) return VolumeId;
  throw new EvidenceNotCollectedError('EC2 made a volume and did not say which.');
};

/** Makes both volumes in the zone of the instance; a repeated call finds the same ones by token. */
export const makeVolumes: Stage = async (deps, _, work) => {
  const imageVolumeId =
    work.imageVolumeId ??
    (await create(deps, work, 'image', {
      SnapshotId: work.blankSnapshotId,
      Size: work.origin.volumeBytes / bytesPerGibibyte,
      Throughput: throughput,
    }));
  const toolsVolumeId =
    work.toolsVolumeId ??
    (await create(deps, work, 'tools', { SnapshotId: deps.settings.toolkitSnapshotId }));
  const made = { ...work, imageVolumeId, toolsVolumeId };
  const volumes = await readVolumes(deps.clients.ec2, made);
  if (volumes.length === 2 && volumes.every(({ State }) => State === 'available')) {
    return onTo('attach', made, 'Both volumes are there.');
  }
  if (volumes.some(({ State }) => State === 'error') || work.looks >= mostLooks) {
    throw new EvidenceNotCollectedError(
      `The volumes ${imageVolumeId} and ${toolsVolumeId} did not become available.`,
    );
  }
  return lookAgain(made, 5, 'The volumes are being made.');
};
