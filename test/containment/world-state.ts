import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Emulator } from '../../emulator/emulator.ts';
import { readTrail } from '../../emulator/follow/trail.ts';
import type { SampleWorld } from '../../emulator/world/sample-world.ts';
import type { WorldClients } from '../../emulator/world/world-clients.ts';

interface Where {
  readonly clients: WorldClients;
  readonly world: SampleWorld;
}

/** The ids of an instance's interfaces, in the order of the interfaces. */
export const interfaceIdsOf = async (
  { clients }: Where,
  instanceId: string,
): Promise<readonly string[]> => {
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }],
    }),
  );
  return NetworkInterfaces.toSorted(
    (a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0),
  ).map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId);
};

/** The names of the groups on each interface of an instance, in the interfaces' order. */
export const groupNamesOf = async (
  { clients }: Where,
  instanceId: string,
): Promise<readonly (readonly string[])[]> => {
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }],
    }),
  );
  return NetworkInterfaces.toSorted(
    (a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0),
  ).map((one) => (one.Groups ?? []).map((group) => group.GroupName ?? '').toSorted());
};

const attributesOf = async ({ clients }: Where, instanceId: string) => {
  const read = (
    Attribute: 'disableApiTermination' | 'disableApiStop' | 'instanceInitiatedShutdownBehavior',
  ) =>
    clients.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute }));
  return {
    termination: (await read('disableApiTermination')).DisableApiTermination?.Value,
    stop: (await read('disableApiStop')).DisableApiStop?.Value,
    shutdown: (await read('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior
      ?.Value,
  };
};

const targetsOf = async ({ clients, world }: Where) => {
  const groups = await Promise.all(
    Object.entries(world.targetGroupArns).map(async ([name, TargetGroupArn]) => {
      const { TargetHealthDescriptions = [] } = await clients.loadBalancingV2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      const staying = TargetHealthDescriptions.filter(
        ({ TargetHealth }) => TargetHealth?.State !== 'draining',
      );
      const draining = TargetHealthDescriptions.length - staying.length;
      const suspect = staying.some(({ Target }) => Target?.Id === world.suspectId);
      const healthy = staying.some(({ Target }) => Target?.Id === world.healthyId);
      return [name, { suspect, healthy, draining }] as const;
    }),
  );
  return Object.fromEntries(groups);
};

/**
 * The world without its ids, so that two worlds can be compared: what guards the suspect and its
 * healthy neighbour, who sends them traffic, what protects them, which tags tell the story.
 */
export const worldState = async (where: Where & { readonly emulator: Emulator }) => {
  const { clients, world } = where;
  const { ec2, autoScaling, loadBalancing } = clients;
  const { AutoScalingInstances = [] } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [world.suspectId, world.healthyId] }),
  );
  const { LoadBalancerDescriptions = [] } = await loadBalancing.send(
    new DescribeLoadBalancersCommand({}),
  );
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const { Snapshots = [] } = await ec2.send(
    new DescribeSnapshotsCommand({
      Filters: [{ Name: 'tag:cordon:instance', Values: [world.suspectId] }],
    }),
  );
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [{ Name: 'group-name', Values: ['cordon-*'] }],
    }),
  );
  const trail = await readTrail(clients);
  return {
    suspectGroups: await groupNamesOf(where, world.suspectId),
    healthyGroups: await groupNamesOf(where, world.healthyId),
    // On standby the group neither checks nor ends it.
    suspectIsMember: AutoScalingInstances.some(
      (one) => one.InstanceId === world.suspectId && one.LifecycleState !== 'Standby',
    ),
    healthyIsMember: AutoScalingInstances.some((one) => one.InstanceId === world.healthyId),
    classic: LoadBalancerDescriptions.map(({ Instances = [] }) => ({
      suspect: Instances.some((one) => one.InstanceId === world.suspectId),
      healthy: Instances.some((one) => one.InstanceId === world.healthyId),
    })),
    targets: await targetsOf(where),
    suspect: await attributesOf(where, world.suspectId),
    healthy: await attributesOf(where, world.healthyId),
    deleteOnTermination: (Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? []).map(
      ({ DeviceName, Ebs }) => `${DeviceName} ${Ebs?.DeleteOnTermination}`,
    ),
    snapshots: Snapshots.length,
    groups: SecurityGroups.map(({ GroupName, IpPermissions, IpPermissionsEgress }) => ({
      name: GroupName,
      ingress: IpPermissions?.length,
      egress: IpPermissionsEgress?.length,
    })).toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '')),
    tagKeys: [
      ...new Set(trail.map(({ resource, key }) => `${resource.split('-')[0]} ${key}`)),
    ].toSorted(),
  };
};
