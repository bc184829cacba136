import type { EC2Client, NetworkInterface } from '@aws-sdk/client-ec2';
import { paginateDescribeTrunkInterfaceAssociations } from '@aws-sdk/client-ec2';
import { AwsUnavailableError } from '../case/errors.ts';
import { readInterfacesBy } from './network-interfaces.ts';

export const branchPermissions = ['ec2:DescribeTrunkInterfaceAssociations'] as const;

/** The largest page of DescribeTrunkInterfaceAssociations. */
const pageSize = 255;

/**
 * The branch interfaces of these trunks: interfaces of pods or tasks, with groups of their own, whose
 * traffic a trunk carries. No filter finds them by their trunk, and an instance does not show them.
 *
 * @throws AwsUnavailableError when one is associated with a trunk and EC2 does not show it.
 */
export const readBranchInterfaces = async (
  ec2: EC2Client,
  trunkIds: readonly string[],
): Promise<readonly NetworkInterface[]> => {
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
  const hidden = ids.filter((id) => !found.some((one) => one.NetworkInterfaceId === id));
  if (hidden.length > 0) {
    throw new AwsUnavailableError(`EC2 does not show ${hidden.join(', ')}: ask again.`);
  }
  return found;
};
