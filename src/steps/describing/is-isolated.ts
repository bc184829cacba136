import type { Deps } from '../../aws/clients.ts';
import type { Instance } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { isSharedGroupName, seemsClosed } from '../../case/isolation-group.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import { allowancesOf } from '../../settings/settings.ts';

/** True when every interface that can be moved is in isolation groups that seem closed, only. */
export const isIsolated = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  settings: Deps['settings'],
): boolean => {
  const allowances = allowancesOf(settings);
  const interfaces = movableInterfaces(instance);
  return (
    interfaces.length > 0 &&
    interfaces.every(
      ({ groupIds, vpcId }) =>
        groupIds.length > 0 &&
        groupIds.every((id) => {
          const group = groups.find((one) => one.id === id);
          return (
            group !== undefined &&
            group.vpcId === vpcId &&
            group.ownerId === instance.accountId &&
            (groupIds.length === 1 || !isSharedGroupName(group.name)) &&
            seemsClosed(group, allowances)
          );
        }),
    )
  );
};
