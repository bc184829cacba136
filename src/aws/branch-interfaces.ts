import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeTrunkInterfaceAssociations } from '@aws-sdk/client-ec2';
import { readInterfacesBy } from './network-interfaces.ts';

export const branchPermissions = ['ec2:DescribeTrunkInterfaceAssociations'] as const;

/** The largest page of DescribeTrunkInterfaceAssociations. */
const pageSize = 255;

/** An interface of a pod or task, with groups of its own, whose traffic a trunk carries. */
export interface BranchInterface {
  readonly id: string;
  readonly groupIds: readonly string[];
}

/**
 * The branch interfaces of these trunks. No filter finds them by their trunk, and an instance does
 * not show them.
 */
export const readBranchInterfaces = async (
  ec2: EC2Client,
  trunkIds: readonly string[],
): Promise<readonly BranchInterface[]> => {
  if (trunkIds.length === 0) return [];
  const ids: string[] = [];
  for await (const page of paginateDescribeTrunkInterfaceAssociations(
    { client: ec2, pageSize },
    {},
  )) {
    for (const { BranchInterfaceId, TrunkInterfaceId = '' } of page.InterfaceAssociations ?? []) {
      if (BranchInterfaceId !== undefined && trunkIds.includes(TrunkInterfaceId)) {
        ids.push(BranchInterfaceId);
      }
    }
  }
  const found = await readInterfacesBy(ec2, 'network-interface-id', ids);
  // One that is associated and not shown is open, for all that is known.
  return ids.map((id) => ({
    id,
    groupIds: (
      found.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id)?.Groups ?? []
    ).flatMap(({ GroupId }) => GroupId ?? []),
  }));
};
