import { command, option } from '../command.ts';
import type { Inverse, InverseCall } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

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

/** Processes that Cordon suspended for the whole group. */
const resume = ({ region, former }: UndoKnowledge, groupName: string): readonly Inverse[] => {
  const { suspendedProcesses } = former;
  if (suspendedProcesses.length === 0) return [];
  const input = {
    AutoScalingGroupName: groupName,
    ScalingProcesses: [...suspendedProcesses],
  };
  return [
    about(
      region,
      groupName,
      `${suspendedProcesses.join(', ')} suspended → resumed`,
      { api: 'autoscaling:ResumeProcesses', input },
      'resume-processes',
      ['--scaling-processes', ...suspendedProcesses],
    ),
  ];
};

/** The note that stands before an attach. */
export const attachNote =
  'Attaching raises the desired capacity by one; where the group is at its maximum, raise that first.';

/** Back into the group; into standby, where somebody had put it on standby before. */
export const groupInverses = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const { region, instanceId, former, now } = knowledge;
  const { membership } = former;
  if (membership === undefined) return [];
  const { groupName, lifecycleState, protectedFromScaleIn } = membership;
  const processes = resume(knowledge, groupName);
  const stoodBy = standingBy.has(lifecycleState);
  const input = { AutoScalingGroupName: groupName, InstanceIds: [instanceId] };
  const ids = ['--instance-ids', instanceId];
  if (now.lifecycleState !== undefined && standingBy.has(now.lifecycleState)) {
    const back = about(
      region,
      groupName,
      'Standby → InService',
      { api: 'autoscaling:ExitStandby', input },
      'exit-standby',
      ids,
    );
    return stoodBy ? processes : [back, ...processes];
  }
  const left = now.lifecycleState === 'none' || /^Detach/.test(now.lifecycleState ?? 'Detached');
  if (!left) return processes;
  const attach = about(
    region,
    groupName,
    'detached → attached',
    { api: 'autoscaling:AttachInstances', input },
    'attach-instances',
    ids,
  );
  // It ends with the membership, so it is given back after attaching.
  const protection = about(
    region,
    groupName,
    'protected from scale-in again',
    {
      api: 'autoscaling:SetInstanceProtection',
      input: { ...input, ProtectedFromScaleIn: true },
    },
    'set-instance-protection',
    [...ids, '--protected-from-scale-in'],
  );
  const standby = about(
    region,
    groupName,
    'InService → Standby',
    {
      api: 'autoscaling:EnterStandby',
      input: { ...input, ShouldDecrementDesiredCapacity: true },
    },
    'enter-standby',
    [...ids, '--should-decrement-desired-capacity'],
  );
  return [
    { ...attach, note: attachNote },
    ...(protectedFromScaleIn ? [protection] : []),
    ...(stoodBy ? [standby] : []),
    ...processes,
  ];
};
