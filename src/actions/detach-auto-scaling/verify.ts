import type { AutoScalingReader } from '../../aws/readers/reader.ts';
import type { Observation } from '../../case/control.ts';

const outOfReach = new Set(['Detaching', 'Detached', 'EnteringStandby', 'Standby']);

/** `asg-membership`: the group can no longer terminate the instance. */
export const readMembershipControl = async (
  autoScaling: AutoScalingReader,
  instanceId: string,
): Promise<readonly Observation[]> => {
  const state = await autoScaling.lifecycleState(instanceId);
  return [
    {
      control: 'asg-membership',
      holds: state === undefined || outOfReach.has(state.lifecycleState),
      observed:
        state === undefined
          ? 'in no Auto Scaling group'
          : `${state.lifecycleState} in ${state.groupName}`,
    },
  ];
};
