import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { callQuery } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';
import type { SampleNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

const machineImage = 'ami-12c6146b';

/** The Auto Scaling group of the sample world. */
export const groupName = 'web';

/** The instance profile of the servers; its name. */
export const createProfile = async (emulator: Emulator): Promise<string> => {
  const name = 'web-server';
  const iam = (Action: string, parameters: Record<string, string>) =>
    callQuery(emulator, 'iam', { Action, Version: '2010-05-08', ...parameters });
  await iam('CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
  });
  await iam('CreateInstanceProfile', { InstanceProfileName: name });
  await iam('AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name });
  return name;
};

/** The group with its two instances, behind a target group. */
export const createGroup = async (
  { autoScaling, ec2 }: WorldClients,
  network: SampleNetwork,
  profileName: string,
  targetGroupArn: string,
): Promise<readonly [string, string]> => {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: groupName,
      LaunchTemplateData: {
        ImageId: machineImage,
        InstanceType: 'm5.large',
        SecurityGroupIds: [network.webGroupId],
        IamInstanceProfile: { Name: profileName },
      },
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: groupName,
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '$Latest' },
      MinSize: 2,
      MaxSize: 4,
      DesiredCapacity: 2,
      VPCZoneIdentifier: network.subnetIds[0],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 60,
    }),
  );
  await autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: groupName,
      TargetGroupARNs: [targetGroupArn],
    }),
  );
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }),
  );
  const [first, second] = (AutoScalingGroups?.[0]?.Instances ?? []).map(
    (instance) => instance.InstanceId ?? '',
  );
  if (first === undefined || second === undefined) {
    throw new Error('The sample Auto Scaling group did not launch two instances');
  }
  return [first, second];
};
