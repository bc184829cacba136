import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { Neighbour } from '../case/neighbour.ts';
import { isNeighbourKind, neighbourKinds } from '../case/neighbour.ts';

export const neighbourPermissions = ['ec2:DescribeNetworkInterfaces'] as const;

/** The interfaces of these VPCs whose flows AWS tracks on its own. */
export const readTrackedNeighbours = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly Neighbour[]> => {
  if (vpcIds.length === 0) return [];
  const neighbours: Neighbour[] = [];
  const pages = paginateDescribeNetworkInterfaces(
    { client: ec2, pageSize: 1000 },
    {
      // Interfaces of managed services are hidden otherwise.
      IncludeManagedResources: true,
      Filters: [
        { Name: 'vpc-id', Values: [...vpcIds] },
        { Name: 'interface-type', Values: [...neighbourKinds] },
      ],
    },
  );
  for await (const page of pages) {
    for (const {
      NetworkInterfaceId: id = '',
      InterfaceType: kind = '',
    } of page.NetworkInterfaces ?? []) {
      if (isNeighbourKind(kind)) neighbours.push({ id, kind });
    }
  }
  return neighbours;
};
