import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { cordonTagsOf } from './cordon-tags.ts';
import { itemsPerPage } from './pages.ts';

/** The tags of Cordon's on the volumes that are attached to these instances, at most 200 of them. */
export const readVolumeTags = async (
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> => {
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const pages = paginateDescribeVolumes(
    { client, pageSize: itemsPerPage },
    {
      IncludeManagedResources: true,
      Filters: [{ Name: 'attachment.instance-id', Values: [...instanceIds] }],
    },
  );
  for await (const { Volumes = [] } of pages) {
    for (const { VolumeId = '', Tags } of Volumes) tags.set(VolumeId, cordonTagsOf(Tags));
  }
  return tags;
};
