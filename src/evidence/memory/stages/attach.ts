import type { Volume } from '@aws-sdk/client-ec2';
import { AttachVolumeCommand } from '@aws-sdk/client-ec2';
import { codeOf } from '../../../aws/errors.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { freeNames, readVolumes } from '../case-volumes.ts';
import type { Stage, StageDeps, Work } from '../work.ts';
import { lookAgain, onTo } from '../work.ts';

/** Five minutes. */
const mostLooks = 60;

const isAttachedTo = ({ Attachments = [] }: Volume, instanceId: string): boolean =>
  Attachments.some((one) => one.InstanceId === instanceId && one.State === 'attached');

const attachOne = async (
  { clients }: StageDeps,
  { origin }: Work,
  VolumeId: string | undefined,
  Device: string | undefined,
  volumes: readonly Volume[],
): Promise<void> => {
  const volume = volumes.find((one) => one.VolumeId === VolumeId);
  if (volume?.State !== 'available') return;
  try {
    await clients.ec2.send(
      new AttachVolumeCommand({ VolumeId, Device, InstanceId: origin.instanceId }),
    );
  } catch (error) {
    // An earlier call may have attached it, and its answer was lost.
    if (codeOf(error) !== 'VolumeInUse') throw error;
  }
};

/** A volume that somebody has attached elsewhere is never taken from there. */
const requireOurs = (volumes: readonly Volume[], { origin }: Work): void => {
  for (const { VolumeId, Attachments = [] } of volumes) {
    const other = Attachments.find(({ InstanceId }) => InstanceId !== origin.instanceId);
    if (other !== undefined) {
      throw new EvidenceNotCollectedError(
        `Somebody has attached ${VolumeId} to ${other.InstanceId}: no memory was collected.`,
      );
    }
  }
};

/** Attaches both volumes to the instance, and waits until it has them. */
export const attach: Stage = async (deps, _, work) => {
  const { instanceId } = work.origin;
  const [imageDevice, toolsDevice] =
    work.imageDevice === undefined
      ? await freeNames(deps.clients.ec2, instanceId)
      : [work.imageDevice, work.toolsDevice];
  if (imageDevice === undefined || toolsDevice === undefined) {
    throw new EvidenceNotCollectedError('The instance has no names left for two more volumes.');
  }
  const named = { ...work, imageDevice, toolsDevice };
  // The names first: a repeated call must not choose others.
  if (work.imageDevice === undefined) return lookAgain(named, 1, 'The volumes are attached.');
  const volumes = await readVolumes(deps.clients.ec2, work);
  requireOurs(volumes, work);
  if (volumes.length === 2 && volumes.every((one) => isAttachedTo(one, instanceId))) {
    return onTo('run', named, 'Both volumes are attached.');
  }
  if (volumes.length < 2 || work.looks >= mostLooks) {
    throw new EvidenceNotCollectedError(`The volumes could not be attached to ${instanceId}.`);
  }
  await attachOne(deps, named, work.toolsVolumeId, toolsDevice, volumes);
  await attachOne(deps, named, work.imageVolumeId, imageDevice, volumes);
  return lookAgain(named, 5, 'The volumes are being attached.');
};
