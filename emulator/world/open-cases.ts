import {
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  type Instance,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { caseIdFor } from '../../src/case/case.ts';
import { isolationGroupName } from '../../src/case/isolation-group.ts';
import { caseTag, instanceTag, statusTag } from '../../src/record/trail/keys.ts';
import { originalGroupsTags } from '../../src/record/trail/original-groups.ts';
import type { SampleNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

/** The group that isolates, as Cordon makes it: nothing in, nothing out. */
const makeIsolationGroup = async ({ ec2 }: WorldClients, VpcId: string): Promise<string> => {
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      VpcId,
      GroupName: isolationGroupName('full'),
      Description: 'isolated by Cordon',
    }),
  );
  const all = { IpProtocol: '-1' };
  for (const permission of [
    { ...all, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    { ...all, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ]) {
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [permission] }));
  }
  return GroupId;
};

const tagsOf = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** What a case leaves behind: tags of the instance and its interfaces, a snapshot per volume. */
const leaveTrail = async (
  { ec2 }: WorldClients,
  instance: Instance,
  webGroupId: string,
  at: Date,
): Promise<void> => {
  const { InstanceId = '', NetworkInterfaces = [], BlockDeviceMappings = [] } = instance;
  const its = { [caseTag]: caseIdFor(InstanceId, at), [instanceTag]: InstanceId };
  const ofInstance = { ...its, [statusTag]: 'contained' };
  await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: tagsOf(ofInstance) }));
  await ec2.send(
    new CreateTagsCommand({
      Resources: NetworkInterfaces.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId),
      Tags: tagsOf({ ...its, ...originalGroupsTags([webGroupId]) }),
    }),
  );
  for (const { Ebs } of BlockDeviceMappings) {
    const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags: tagsOf(its) }];
    await ec2.send(new CreateSnapshotCommand({ VolumeId: Ebs?.VolumeId, TagSpecifications }));
  }
};

/**
 * Servers whose cases are open, and of which everything holds, made as a case leaves them: a hundred
 * cases would take minutes. The group of the VPC must not exist yet.
 *
 * @returns the ids of the instances.
 */
export const openCases = async (
  clients: WorldClients,
  { vpcId, subnetIds, webGroupId }: SampleNetwork,
  count: number,
): Promise<readonly string[]> => {
  const groupId = await makeIsolationGroup(clients, vpcId);
  const { Instances = [] } = await clients.ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: count,
      MaxCount: count,
      SubnetId: subnetIds[0],
      SecurityGroupIds: [groupId],
      DisableApiTermination: true,
      DisableApiStop: true,
      InstanceInitiatedShutdownBehavior: 'stop',
      BlockDeviceMappings: [
        { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, DeleteOnTermination: false } },
      ],
    }),
  );
  for (const instance of Instances) {
    await leaveTrail(clients, instance, webGroupId, new Date());
  }
  return Instances.map(({ InstanceId = '' }) => InstanceId);
};
