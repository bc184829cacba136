import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Neighbour } from '../case/neighbour.ts';
import { isNeighbourKind, neighbourKinds } from '../case/neighbour.ts';
import { readInterfacesBy } from './network-interfaces.ts';

/** The interfaces of these VPCs whose flows AWS tracks on its own. */
export const readTrackedNeighbours = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly Neighbour[]> => {
  const ofKind = { Name: 'interface-type', Values: [...neighbourKinds] };
  const found = await readInterfacesBy(ec2, 'vpc-id', vpcIds, ofKind);
  return found.flatMap(({ NetworkInterfaceId: id = '', InterfaceType: kind = '' }) =>
    isNeighbourKind(kind) ? [{ id, kind }] : [],
  );
};
