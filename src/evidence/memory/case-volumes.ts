import { createHash } from 'node:crypto';
import type { EC2Client, Volume } from '@aws-sdk/client-ec2';
import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { codeOf } from '../../aws/errors.ts';
import { freeDevices } from '../free-devices.ts';
import type { Work } from './work.ts';

/** The same for every attempt at the same resource; AWS takes at most 64 characters. */
export const clientToken = ({ origin }: Work, what: string): string =>
  createHash('sha256').update(`${origin.caseId} ${origin.nonce} ${what}`).digest('hex');

/** Both volumes as they are; one that is gone is absent. */
export const readVolumes = async (
  ec2: EC2Client,
  { imageVolumeId, toolsVolumeId }: Work,
): Promise<readonly Volume[]> => {
  const ids = [imageVolumeId, toolsVolumeId].filter((id) => id !== undefined);
  const read = await Promise.all(
    ids.map(async (id) => {
      try {
        const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
        return Volumes ?? [];
      } catch (error) {
        if (codeOf(error) === 'InvalidVolume.NotFound') return [];
        throw error;
      }
    }),
  );
  return read.flat();
};

/** Two names that nothing on the instance has, the last ones; fewer where it has none left. */
export const freeNames = async (ec2: EC2Client, instanceId: string): Promise<readonly string[]> => {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const mapped = Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  return freeDevices(mapped.map(({ DeviceName = '' }) => DeviceName))
    .slice(-2)
    .toReversed();
};
