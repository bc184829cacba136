import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import type { Membership } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { DetachDetail } from '../../case/details.ts';
import { groupSuspended } from '../../case/risks/auto-scaling.ts';
import { vouching } from '../../case/vouched.ts';
import { beforeProcessesTag, writeProcesses } from '../../trail/before-processes.ts';
import { remember } from '../remember.ts';
import { suspendProcesses, terminatingProcesses } from './changes.ts';

/** How long the last resort is tried, in milliseconds: the whole step has about 8 seconds. */
const suspendPatience = 2_000;

/** The last resort: a group that keeps the instance must not terminate it. */
export const suspend = async (
  deps: Deps<'ec2' | 'autoScaling'>,
  theCase: Case,
  { groupName, suspendedProcesses = [] }: Membership,
  refusals: readonly string[],
): Promise<Pick<DetachDetail, 'left' | 'suspendedProcesses' | 'risks' | 'vouched'>> => {
  const processes = terminatingProcesses.filter((one) => !suspendedProcesses.includes(one));
  const value = writeProcesses(processes);
  const vouched =
    value === undefined ? {} : { [theCase.instanceId]: { [beforeProcessesTag]: value } };
  if (value !== undefined) {
    await remember(deps, theCase, vouched);
    const change = suspendProcesses(deps, groupName, processes);
    await giveUpAfter(deps.clock, suspendPatience, () => change.send(false));
  }
  return {
    left: 'suspended',
    suspendedProcesses: processes,
    ...vouching(vouched),
    risks: [groupSuspended(groupName, terminatingProcesses, processes, refusals)],
  };
};
