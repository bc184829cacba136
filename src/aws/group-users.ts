import type { EC2Client, NetworkInterface as Ec2NetworkInterface } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import { readInterfacesBy } from './network-interfaces.ts';

/** An interface that has a group: who it belongs to, all its groups, its tags. */
export interface GroupUser {
  readonly interfaceId: string;
  /** The account of the interface; in a shared VPC not always the one that asks. */
  readonly ownerId?: string;
  readonly instanceId?: string;
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const toGroupUser = (one: Ec2NetworkInterface): GroupUser => ({
  interfaceId: one.NetworkInterfaceId ?? '',
  ...defined({ ownerId: one.OwnerId }),
  ...(one.Attachment?.InstanceId === undefined ? {} : { instanceId: one.Attachment.InstanceId }),
  groupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  groupNames: (one.Groups ?? []).map(({ GroupName }) => GroupName ?? ''),
  tags: Object.fromEntries((one.TagSet ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
});

/** The interfaces that have one of these groups. */
export const readUsersOf = async (
  ec2: EC2Client,
  groupIds: readonly string[],
): Promise<readonly GroupUser[]> =>
  (await readInterfacesBy(ec2, 'group-id', groupIds)).map(toGroupUser);

/** The interfaces that have a group. */
export const readGroupUsers = (ec2: EC2Client, groupId: string): Promise<readonly GroupUser[]> =>
  readUsersOf(ec2, [groupId]);
