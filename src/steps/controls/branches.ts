import { readBranchInterfaces } from '../../aws/branch-interfaces.ts';
import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import type { Instance } from '../../case/before.ts';
import { isSharedGroupName } from '../../case/isolation-group.ts';
import type { SecurityGroup } from '../../case/security-group.ts';

/**
 * Why the groups of an instance with a trunk interface do not say that it is isolated, in words;
 * undefined where there is no branch, or every branch is in a group that isolates the instance too.
 */
export const branchDoubt = async (
  { clients }: Deps<'ec2'>,
  { networkInterfaces }: Instance,
  isolating: readonly SecurityGroup[],
): Promise<string | undefined> => {
  const trunks = networkInterfaces.filter(({ type }) => type === 'trunk').map(({ id }) => id);
  if (trunks.length === 0) return undefined;
  try {
    const closed = new Set(
      isolating.filter(({ name }) => isSharedGroupName(name)).map(({ id }) => id),
    );
    const open = (await readBranchInterfaces(clients.ec2, trunks)).filter(
      ({ groupIds }) => groupIds.length === 0 || !groupIds.every((id) => closed.has(id)),
    );
    return open.length === 0
      ? undefined
      : `branch interfaces are not isolated: ${open.map(({ id, groupIds }) => `${id} in ${groupIds.join(' ') || 'groups that could not be read'}`).join('; ')}`;
  } catch (error) {
    return `the branch interfaces of ${trunks.join(', ')} could not be read: ${inWords(error)}`;
  }
};
