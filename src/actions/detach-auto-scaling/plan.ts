import {
  DetachInstancesCommand,
  EnterStandbyCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Membership } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { Change } from '../../engine/change.ts';
import { beforeProcessesTag, writeProcesses } from '../../record/trail/before-processes.ts';
import { attached, inService, resumed } from './give-back.ts';

/**
 * How long each change is tried, in milliseconds. ResourceContention, a pending change of the group, is
 * worth a few tries; where it does not pass the next way is taken, before health checks act on the
 * isolation (two failures, at least 5 s apart). The whole step has about 8 seconds.
 */
const patience = { detach: 4_000, standby: 2_000, suspend: 2_000 } as const;

/** Capacity is kept: a replacement starts, and the call never fails on the group's minimum size. */
const ShouldDecrementDesiredCapacity = false;

const meaning = (error: unknown): 'already' | undefined =>
  /is not part of Auto Scaling group/i.test(inWords(error)) ? 'already' : undefined;

/** Out of the group for good. */
export const detachInstance = (
  { clients, clock }: Deps<'autoScaling'>,
  { region, instanceId }: Case,
  { groupName, lifecycleState }: Membership,
): Change => ({
  call: 'autoscaling:DetachInstances',
  resource: groupName,
  before: `${instanceId} ${lifecycleState}`,
  after: 'detached',
  inverse: [attached(region, instanceId, groupName)],
  attempt: (send) => giveUpAfter(clock, patience.detach, send),
  meaning,
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
  { clients, clock }: Deps<'autoScaling'>,
  { region, instanceId }: Case,
  { groupName, lifecycleState }: Membership,
): Change => ({
  call: 'autoscaling:EnterStandby',
  resource: groupName,
  before: `${instanceId} ${lifecycleState}`,
  after: 'Standby',
  inverse: [inService(region, instanceId, groupName)],
  attempt: (send) => giveUpAfter(clock, patience.standby, send),
  meaning,
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
  { clients, clock }: Deps<'autoScaling'>,
  { region, instanceId }: Case,
  groupName: string,
  processes: readonly string[],
): Change => ({
  call: 'autoscaling:SuspendProcesses',
  resource: groupName,
  before: `${processes.join(', ')} run`,
  after: 'suspended',
  inverse: [resumed(region, groupName, processes)],
  remember: { resourceId: instanceId, tags: { [beforeProcessesTag]: writeProcesses(processes) } },
  attempt: (send) => giveUpAfter(clock, patience.suspend, send),
  send: () =>
    clients.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName: groupName,
        ScalingProcesses: [...processes],
      }),
    ),
});
