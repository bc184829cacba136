import type { Deps } from '../../aws/clients.ts';
import type { Membership } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { DetachDetail } from '../../case/details.ts';
import { groupSuspended } from '../../case/risks/auto-scaling.ts';
import { vouching } from '../../case/vouched.ts';
import { perform } from '../../engine/perform.ts';
import { suspendProcesses, terminatingProcesses } from './plan.ts';

/**
 * The last resort: a group that keeps the instance must not terminate it.
 *
 * @throws what AWS answered when it refused.
 */
export const suspend = async (
  deps: Deps<'ec2' | 'autoScaling'>,
  theCase: Case,
  { groupName, suspendedProcesses = [] }: Membership,
  refusals: readonly string[],
): Promise<Pick<DetachDetail, 'left' | 'suspendedProcesses' | 'risks' | 'vouched'>> => {
  const processes = terminatingProcesses.filter((one) => !suspendedProcesses.includes(one));
  const changes =
    processes.length === 0 ? [] : [suspendProcesses(deps, theCase, groupName, processes)];
  const { sent, values } = await perform(deps, theCase, changes);
  const refused = sent.find(({ outcome }) => outcome === 'failed');
  if (refused !== undefined) throw refused.error;
  return {
    left: 'suspended',
    suspendedProcesses: processes,
    ...vouching(values),
    risks: [groupSuspended(groupName, terminatingProcesses, processes, refusals)],
  };
};
