import {
  DetachInstancesCommand,
  EnterStandbyCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Change } from '../../aws/change.ts';
import type { Deps } from '../../aws/clients.ts';

export const autoScalingChangePermissions = [
  'autoscaling:DetachInstances',
  'autoscaling:EnterStandby',
  'autoscaling:SuspendProcesses',
] as const;

/** Capacity is kept: a replacement starts, and the call never fails on the group's minimum size. */
const ShouldDecrementDesiredCapacity = false;

/** Out of the group for good. */
export const detachInstance = (
  { clients }: Deps<'autoScaling'>,
  groupName: string,
  instanceId: string,
): Change => ({
  call: 'autoscaling:DetachInstances',
  resource: groupName,
  send: () =>
    clients.autoScaling.send(
      new DetachInstancesCommand({
        AutoScalingGroupName: groupName,
        InstanceIds: [instanceId],
        ShouldDecrementDesiredCapacity,
      }),
    ),
});

/** Still of the group, but neither health-checked, nor scaled in, nor registered anywhere. */
export const enterStandby = (
  { clients }: Deps<'autoScaling'>,
  groupName: string,
  instanceId: string,
): Change => ({
  call: 'autoscaling:EnterStandby',
  resource: groupName,
  send: () =>
    clients.autoScaling.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: groupName,
        InstanceIds: [instanceId],
        ShouldDecrementDesiredCapacity,
      }),
    ),
});

/** The processes by which a group terminates what it takes for unhealthy or too much. */
export const terminatingProcesses = ['ReplaceUnhealthy', 'Terminate'] as const;

/** Keeps the whole group from terminating anything. */
export const suspendProcesses = (
  { clients }: Deps<'autoScaling'>,
  groupName: string,
  processes: readonly string[],
): Change => ({
  call: 'autoscaling:SuspendProcesses',
  resource: groupName,
  send: () =>
    clients.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName: groupName,
        ScalingProcesses: [...processes],
      }),
    ),
});
