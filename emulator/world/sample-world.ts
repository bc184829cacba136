import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AssociateIamInstanceProfileCommand,
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand as CreateClassicLoadBalancerCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { callQuery } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';
import type { SampleNetwork, WorldKind } from './sample-network.ts';
import { buildNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

/** The world of the drill: a public web server, one of two behind a load balancer, is suspect. */
export interface SampleWorld extends SampleNetwork {
  readonly suspectId: string;
  readonly healthyId: string;
  readonly autoScalingGroupName: string;
  readonly targetGroupArns: {
    /** The Auto Scaling group's own. */
    readonly web: string;
    /** The instance on another port than the group's. */
    readonly override: string;
    /** An address of the second interface. */
    readonly address: string;
  };
  readonly classicLoadBalancerName: string;
}

const machineImage = 'ami-12c6146b';
const groupName = 'web';

const createProfile = async (emulator: Emulator): Promise<string> => {
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

const createTargetGroup = async (
  { loadBalancingV2 }: WorldClients,
  vpcId: string,
  name: string,
  port: number,
  targetType: 'instance' | 'ip',
): Promise<string> => {
  const { TargetGroups } = await loadBalancingV2.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: port,
      VpcId: vpcId,
      TargetType: targetType,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
};

const createBalancer = async (
  { loadBalancingV2 }: WorldClients,
  { subnetIds, webGroupId }: SampleNetwork,
  targetGroupArns: readonly string[],
): Promise<void> => {
  const { LoadBalancers } = await loadBalancingV2.send(
    new CreateLoadBalancerCommand({
      Name: 'web',
      Subnets: [...subnetIds],
      SecurityGroups: [webGroupId],
    }),
  );
  await Promise.all(
    targetGroupArns.map((targetGroupArn, index) =>
      loadBalancingV2.send(
        new CreateListenerCommand({
          LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
          Protocol: 'HTTP',
          Port: 80 + index,
          DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
        }),
      ),
    ),
  );
};

const createGroup = async (
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

const primaryInterface = async ({ ec2 }: WorldClients, instanceId: string): Promise<string> => {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  return Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
};

/** A second interface in the same zone's subnet, with IPv6 and two groups of its own. */
export const attachInterface = async (
  { ec2 }: WorldClients,
  network: SampleNetwork,
  instanceId: string,
  deviceIndex: number,
): Promise<{ id: string; address: string }> => {
  const { NetworkInterface } = await ec2.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: network.subnetIds[0],
      Groups: [network.webGroupId, network.adminGroupId],
      Ipv6AddressCount: 1,
    }),
  );
  const id = NetworkInterface?.NetworkInterfaceId ?? '';
  await ec2.send(
    new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: id,
      InstanceId: instanceId,
      DeviceIndex: deviceIndex,
    }),
  );
  return { id, address: NetworkInterface?.PrivateIpAddress ?? '' };
};

const attachVolume = async (
  { ec2 }: WorldClients,
  region: string,
  instanceId: string,
  device: string,
): Promise<void> => {
  const { VolumeId } = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 20, VolumeType: 'gp3' }),
  );
  await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instanceId, Device: device }));
};

const giveAddress = async ({ ec2 }: WorldClients, interfaceId: string): Promise<void> => {
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId: interfaceId }));
};

const createClassic = async (
  { loadBalancing }: WorldClients,
  { subnetIds }: SampleNetwork,
  instanceIds: readonly string[],
): Promise<string> => {
  const LoadBalancerName = 'web-classic';
  await loadBalancing.send(
    new CreateClassicLoadBalancerCommand({
      LoadBalancerName,
      Subnets: [...subnetIds],
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
    }),
  );
  await loadBalancing.send(
    new RegisterInstancesWithLoadBalancerCommand({
      LoadBalancerName,
      Instances: instanceIds.map((InstanceId) => ({ InstanceId })),
    }),
  );
  return LoadBalancerName;
};

export interface WorldOptions {
  /** How many network interfaces the suspect has, at least 1. Default 2. */
  readonly interfaces?: number;
  /** Default `public`. */
  readonly kind?: WorldKind;
}

/** Builds the whole world; the second instance of the group must be left alone by everything. */
export const buildSampleWorld = async (
  emulator: Emulator,
  clients: WorldClients,
  { interfaces = 2, kind = 'public' }: WorldOptions = {},
): Promise<SampleWorld> => {
  const network = await buildNetwork(clients, emulator.region, kind);
  const profileName = await createProfile(emulator);
  const [web, override, address] = await Promise.all([
    createTargetGroup(clients, network.vpcId, 'web', 80, 'instance'),
    createTargetGroup(clients, network.vpcId, 'web-admin', 80, 'instance'),
    createTargetGroup(clients, network.vpcId, 'web-direct', 8443, 'ip'),
  ]);
  await createBalancer(clients, network, [web, override, address]);
  const [suspectId, healthyId] = await createGroup(clients, network, profileName, web);
  const primary = await primaryInterface(clients, suspectId);
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: primary,
      Groups: [network.webGroupId],
    }),
  );
  await clients.ec2.send(
    new AssociateIamInstanceProfileCommand({
      InstanceId: suspectId,
      IamInstanceProfile: { Name: profileName },
    }),
  );
  await clients.ec2.send(
    new ModifyInstanceAttributeCommand({
      InstanceId: suspectId,
      InstanceInitiatedShutdownBehavior: { Value: 'terminate' },
    }),
  );
  const attached: { address: string }[] = [];
  for (let index = 1; index < interfaces; index += 1) {
    attached.push(await attachInterface(clients, network, suspectId, index));
  }
  if (kind === 'public') await giveAddress(clients, primary);
  await attachVolume(clients, emulator.region, suspectId, '/dev/sdf');
  await attachVolume(clients, emulator.region, suspectId, '/dev/sdg');
  const { loadBalancingV2 } = clients;
  await loadBalancingV2.send(
    new RegisterTargetsCommand({
      TargetGroupArn: override,
      Targets: [
        { Id: suspectId, Port: 9000 },
        { Id: healthyId, Port: 9000 },
      ],
    }),
  );
  const [second] = attached;
  if (second !== undefined) {
    await loadBalancingV2.send(
      new RegisterTargetsCommand({
        TargetGroupArn: address,
        Targets: [{ Id: second.address, Port: 8443 }],
      }),
    );
  }
  const classicLoadBalancerName = await createClassic(clients, network, [suspectId, healthyId]);
  return {
    ...network,
    suspectId,
    healthyId,
    autoScalingGroupName: groupName,
    targetGroupArns: { web, override, address },
    classicLoadBalancerName,
  };
};
