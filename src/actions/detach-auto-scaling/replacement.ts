import { readMembers } from '../../aws/auto-scaling.ts';
import type { Deps } from '../../aws/clients.ts';
import type { Before } from '../../case/before.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { replacementStarted } from '../../case/risks/auto-scaling.ts';

/**
 * Who took the instance's place in its Auto Scaling group: the members that were not there before.
 * Never throws; who cannot be read is not named.
 */
export const readReplacement = async (
  { clients, log }: Deps<'autoScaling'>,
  { autoScaling, instance, repeat }: Before,
): Promise<readonly ResidualRisk[]> => {
  const membership = autoScaling.known ? autoScaling.membership : undefined;
  if (membership === undefined || repeat) return [];
  const { groupName, instanceIds: former } = membership;
  const launching = membership.suspendedProcesses?.includes('Launch') !== true;
  const members = await readMembers(clients.autoScaling, groupName).catch((error: unknown) => {
    log.warn('the members of the Auto Scaling group could not be read', { groupName, error });
    return [];
  });
  const fresh =
    former === undefined
      ? []
      : members.map(({ instanceId }) => instanceId).filter((id) => !former.includes(id));
  return [replacementStarted(groupName, instance.region, fresh, launching)];
};
