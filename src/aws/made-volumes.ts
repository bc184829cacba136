import type { EC2Client, Filter, Volume } from '@aws-sdk/client-ec2';
import { DescribeVolumesCommand, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { cordonTagsOf } from './cordon-tags.ts';
import { codeOf } from './errors.ts';
import { itemsPerPage } from './pages.ts';

/** Where a volume is attached. */
export interface FoundAttachment {
  readonly instanceId: string;
  readonly device: string;
  /** `attaching`, `attached`, `detaching`, `busy`: still mounted. */
  readonly state: string;
  readonly deleteOnTermination: boolean;
}

/** A volume as EC2 shows it; its tags of Cordon's are what anybody who may tag has written. */
export interface FoundVolume {
  readonly volumeId: string;
  readonly state: string;
  /** Empty for one that was made of no snapshot. Nobody can change it. */
  readonly snapshotId: string;
  readonly createdAt: Date | undefined;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly attachments: readonly FoundAttachment[];
}

export const toFoundVolume = (volume: Volume): FoundVolume => ({
  volumeId: volume.VolumeId ?? '',
  state: volume.State ?? 'unknown',
  snapshotId: volume.SnapshotId ?? '',
  createdAt: volume.CreateTime,
  sizeGib: volume.Size ?? 0,
  encrypted: volume.Encrypted ?? false,
  tags: cordonTagsOf(volume.Tags),
  attachments: (volume.Attachments ?? []).map((one) => ({
    instanceId: one.InstanceId ?? one.AssociatedResource ?? '',
    device: one.Device ?? '',
    state: one.State ?? 'unknown',
    deleteOnTermination: one.DeleteOnTermination ?? false,
  })),
});

/** The volumes that these filters let through, to the last page. */
export const readVolumesBy = async (
  client: EC2Client,
  ...Filters: Filter[]
): Promise<readonly FoundVolume[]> => {
  const found: FoundVolume[] = [];
  const pages = paginateDescribeVolumes({ client, pageSize: itemsPerPage }, { Filters });
  for await (const { Volumes = [] } of pages) found.push(...Volumes.map(toFoundVolume));
  return found;
};

/** One volume; undefined where EC2 knows none of this id, as of one that it has made a moment ago. */
export const readVolume = async (
  client: EC2Client,
  volumeId: string,
): Promise<FoundVolume | undefined> => {
  try {
    const { Volumes = [] } = await client.send(
      new DescribeVolumesCommand({ VolumeIds: [volumeId] }),
    );
    return Volumes.map(toFoundVolume).at(0);
  } catch (error) {
    if (codeOf(error) === 'InvalidVolume.NotFound') return undefined;
    throw error;
  }
};
