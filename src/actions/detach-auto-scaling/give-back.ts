import { command, option } from '../../case/command.ts';
import type { Inverse, InverseCall } from '../../case/undo/inverse.ts';
import type { UndoKnowledge } from '../../case/undo/knowledge.ts';

const standingBy = new Set(['Standby', 'EnteringStandby']);

/** An inverse about the group that the instance was in. */
const about = (
  region: string,
  groupName: string,
  what: string,
  call: InverseCall,
  operation: string,
  words: readonly string[],
): Inverse => ({
  phase: 'auto-scaling',
  resource: groupName,
  what,
  call,
  command: command([
    ...['aws', 'autoscaling', operation, '--region', region],
    ...option('--auto-scaling-group-name', groupName),
    ...words,
  ]),
});

/** The note that stands before an attach. */
export const attachNote =
  'Attaching raises the desired capacity by one; where the group is at its maximum, raise that first.';

const inputOf = (groupName: string, instanceId: string) => ({
  AutoScalingGroupName: groupName,
  InstanceIds: [instanceId],
});

const ids = (instanceId: string): readonly string[] => ['--instance-ids', instanceId];

/** A detached instance in its group again. */
export const attached = (region: string, instanceId: string, groupName: string): Inverse => ({
  ...about(
    region,
    groupName,
    'detached → attached',
    { api: 'autoscaling:AttachInstances', input: inputOf(groupName, instanceId) },
    'attach-instances',
    ids(instanceId),
  ),
  note: attachNote,
});

/** Out of standby. */
export const inService = (region: string, instanceId: string, groupName: string): Inverse =>
  about(
    region,
    groupName,
    'Standby → InService',
    { api: 'autoscaling:ExitStandby', input: inputOf(groupName, instanceId) },
    'exit-standby',
    ids(instanceId),
  );

/** Protection from scale-in ends with the membership, so it is given back after attaching. */
const protectedAgain = (region: string, instanceId: string, groupName: string): Inverse =>
  about(
    region,
    groupName,
    'protected from scale-in again',
    {
      api: 'autoscaling:SetInstanceProtection',
      input: { ...inputOf(groupName, instanceId), ProtectedFromScaleIn: true },
    },
    'set-instance-protection',
    [...ids(instanceId), '--protected-from-scale-in'],
  );

/** On standby, where somebody had put it before. */
const standbyAgain = (region: string, instanceId: string, groupName: string): Inverse =>
  about(
    region,
    groupName,
    'InService → Standby',
    {
      api: 'autoscaling:EnterStandby',
      input: { ...inputOf(groupName, instanceId), ShouldDecrementDesiredCapacity: true },
    },
    'enter-standby',
    [...ids(instanceId), '--should-decrement-desired-capacity'],
  );

/** Processes that Cordon suspended for the whole group. */
export const resumed = (region: string, groupName: string, processes: readonly string[]): Inverse =>
  about(
    region,
    groupName,
    `${processes.join(', ')} suspended → resumed`,
    {
      api: 'autoscaling:ResumeProcesses',
      input: { AutoScalingGroupName: groupName, ScalingProcesses: [...processes] },
    },
    'resume-processes',
    ['--scaling-processes', ...processes],
  );

/** Back into the group; into standby, where somebody had put it on standby before. */
export const groupInverses = ({
  region,
  instanceId,
  former: { membership, suspendedProcesses },
  now,
}: UndoKnowledge): readonly Inverse[] => {
  if (membership === undefined) return [];
  const { groupName, lifecycleState, protectedFromScaleIn } = membership;
  const processes =
    suspendedProcesses.length === 0 ? [] : [resumed(region, groupName, suspendedProcesses)];
  const stoodBy = standingBy.has(lifecycleState);
  if (now.lifecycleState !== undefined && standingBy.has(now.lifecycleState)) {
    return stoodBy ? processes : [inService(region, instanceId, groupName), ...processes];
  }
  const left = now.lifecycleState === 'none' || /^Detach/.test(now.lifecycleState ?? 'Detached');
  if (!left) return processes;
  return [
    attached(region, instanceId, groupName),
    ...(protectedFromScaleIn ? [protectedAgain(region, instanceId, groupName)] : []),
    ...(stoodBy ? [standbyAgain(region, instanceId, groupName)] : []),
    ...processes,
  ];
};
