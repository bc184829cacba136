import { AttachVolumeCommand } from '@aws-sdk/client-ec2';
import { asCordonError } from '../../aws/errors.ts';
import type { FoundAttachment, FoundVolume } from '../../aws/made-volumes.ts';
import { readVolume } from '../../aws/made-volumes.ts';
import { AnalysisIncompleteError } from '../../case/errors.ts';
import type { Waiting } from './await-volume.ts';
import { awaitVolume } from './await-volume.ts';

const attachedTo = (
  volume: FoundVolume | undefined,
  instanceId: string,
): FoundAttachment | undefined =>
  volume?.attachments.find((one) => one.instanceId === instanceId && one.state === 'attached');

/**
 * Attaches a volume that is available, and reads back that it is. One that is attached later is kept when the
 * instance is terminated, unless somebody changes that
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html).
 *
 * @throws AnalysisIncompleteError, and what AWS answered as an error of Cordon's.
 */
export const attachVolume = async (
  waiting: Waiting,
  { volumeId, attachments }: FoundVolume,
  instanceId: string,
  device: string,
): Promise<{ readonly volume: FoundVolume; readonly attachment: FoundAttachment }> => {
  if (attachments.length === 0) {
    try {
      await waiting.ec2.send(
        new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device: device }),
      );
    } catch (error) {
      // The answer to an earlier attempt may have been lost: what counts is how it is.
      const now = await readVolume(waiting.ec2, volumeId);
      if (now?.attachments.some((one) => one.instanceId === instanceId) !== true) {
        throw asCordonError(error, `Attaching ${volumeId} to ${instanceId}`);
      }
    }
  }
  const volume = await awaitVolume(
    waiting,
    volumeId,
    (one) => attachedTo(one, instanceId) !== undefined,
    `look at ${instanceId}, then ask again.`,
  );
  const attachment = attachedTo(volume, instanceId);
  if (volume === undefined || attachment === undefined) {
    throw new AnalysisIncompleteError(`${volumeId} is not attached to ${instanceId}: ask again.`);
  }
  return { volume, attachment };
};
