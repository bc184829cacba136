import { readAttachedInterfaces } from '../aws/instance.ts';
import { isIsolationGroupName } from '../case/isolation-group.ts';
import type { EvidenceDeps } from './collector.ts';
import type { EvidenceInput } from './kind.ts';

/**
 * Whether every interface of the instance has isolation groups alone. It only keeps collectors that would stand
 * in the way from coming before the cut: that the cut holds is for verify to say.
 */
export const isCut = async (
  { clients }: Pick<EvidenceDeps, 'clients'>,
  { case: { instanceId } }: Pick<EvidenceInput, 'case'>,
): Promise<boolean> => {
  const attached = await readAttachedInterfaces(clients.ec2, instanceId);
  const movable = attached.filter(({ RequesterManaged }) => RequesterManaged !== true);
  return (
    movable.length > 0 &&
    movable.every(
      ({ Groups = [] }) =>
        Groups.length > 0 && Groups.every(({ GroupName = '' }) => isIsolationGroupName(GroupName)),
    )
  );
};
