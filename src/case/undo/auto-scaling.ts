import { command, option } from '../command.ts';
import type { UndoKnowledge } from './knowledge.ts';

const standingBy = new Set(['Standby', 'EnteringStandby']);

/** The words of a call of Auto Scaling about the group that the instance was in. */
const about = (operation: string, region: string, groupName: string): readonly string[] => [
  ...['aws', 'autoscaling', operation, '--region', region],
  ...option('--auto-scaling-group-name', groupName),
];

/** The protection from scale-in ends with the membership, so it is given back after attaching. */
const protectAgain = (
  { region, instanceId }: UndoKnowledge,
  groupName: string,
): readonly string[] => [
  command([
    ...about('set-instance-protection', region, groupName),
    ...['--instance-ids', instanceId, '--protected-from-scale-in'],
  ]),
];

const processCommands = ({ region, former }: UndoKnowledge, groupName: string) =>
  former.suspendedProcesses.length === 0
    ? []
    : [
        command([
          ...about('resume-processes', region, groupName),
          ...['--scaling-processes', ...former.suspendedProcesses],
        ]),
      ];

/** Back into the group; into standby, where somebody had put it on standby before. */
export const groupCommands = (knowledge: UndoKnowledge): readonly string[] => {
  const { region, instanceId, former, now } = knowledge;
  const { membership } = former;
  if (membership === undefined) return [];
  const { groupName, lifecycleState, protectedFromScaleIn } = membership;
  const processes = processCommands(knowledge, groupName);
  const stoodBy = standingBy.has(lifecycleState);
  if (now.lifecycleState !== undefined && standingBy.has(now.lifecycleState)) {
    const back = command([
      ...about('exit-standby', region, groupName),
      ...['--instance-ids', instanceId],
    ]);
    return stoodBy ? processes : [back, ...processes];
  }
  const left = now.lifecycleState === 'none' || /^Detach/.test(now.lifecycleState ?? 'Detached');
  if (!left) return processes;
  const attach = command([
    ...about('attach-instances', region, groupName),
    ...['--instance-ids', instanceId],
  ]);
  const standby = command([
    ...about('enter-standby', region, groupName),
    ...['--instance-ids', instanceId, '--should-decrement-desired-capacity'],
  ]);
  return [
    '# Attaching raises the desired capacity by one; where the group is at its maximum, raise that first.',
    attach,
    ...(protectedFromScaleIn ? protectAgain(knowledge, groupName) : []),
    ...(stoodBy ? [standby] : []),
    ...processes,
  ];
};
