import { command, option } from '../command.ts';
import type { ResidualRisk } from '../risk.ts';

/**
 * The group is terminating the instance. Neither detaching nor standby nor suspending processes
 * stops that (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html);
 * a retained instance can still leave.
 */
export const isBeingTerminated = (lifecycleState: string): boolean =>
  /^(?:Warmed:)?Terminat(?:ed|ing(?!:Retained))/.test(lifecycleState);

/** Which hook holds the instance, then more time from it. */
const heartbeat = (groupName: string, instanceId: string): string => {
  const group = option('--auto-scaling-group-name', groupName);
  return [
    command(['aws', 'autoscaling', 'describe-lifecycle-hooks', ...group]),
    command([
      ...['aws', 'autoscaling', 'record-lifecycle-action-heartbeat', ...group],
      ...['--instance-id', instanceId, '--lifecycle-hook-name', 'HOOK'],
    ]),
  ].join(' ; ');
};

/**
 * What will happen to an instance that its group is terminating, and when. A hook holds it for the
 * hook's heartbeat timeout; heartbeats prolong that, to 48 hours or 100 times the timeout at most
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html).
 */
export const terminationUnderWay = (
  groupName: string,
  instanceId: string,
  lifecycleState: string,
): ResidualRisk => {
  const waits = lifecycleState.endsWith(':Wait');
  return {
    risk: 'termination-under-way',
    explanation: waits
      ? `The Auto Scaling group ${groupName} is terminating the instance (${lifecycleState}): a lifecycle hook holds it for the hook's heartbeat timeout, an hour unless set otherwise, and then it ends. Leaving the group or suspending its processes would not stop that, so nothing of the group was changed.`
      : `The Auto Scaling group ${groupName} is terminating the instance (${lifecycleState}): it ends within minutes, and its memory and instance store with it. Leaving the group or suspending its processes would not stop that, so nothing of the group was changed. Its volumes stay, if they are not deleted with it.`,
    remedy: waits
      ? `Save the memory before the timeout, and prolong it as often as needed, with the hook's name for HOOK: ${heartbeat(groupName, instanceId)}`
      : 'Save what can be saved now; look for the snapshots and the volumes afterwards.',
  };
};
