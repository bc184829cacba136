import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';

/** An Elastic IP address that is associated with an interface. */
export interface ElasticAddress {
  readonly publicAddress: string;
  readonly allocationId: string;
  readonly associationId: string;
  readonly interfaceId: string;
  readonly privateAddress: string;
}

/** The Elastic IP addresses of these interfaces; not paged by AWS. */
export const readElasticAddresses = async (
  ec2: EC2Client,
  interfaceIds: readonly string[],
): Promise<readonly ElasticAddress[]> => {
  if (interfaceIds.length === 0) return [];
  const { Addresses = [] } = await ec2.send(
    new DescribeAddressesCommand({
      Filters: [{ Name: 'network-interface-id', Values: [...interfaceIds] }],
    }),
  );
  return Addresses.flatMap((one) =>
    one.AssociationId === undefined || one.NetworkInterfaceId === undefined
      ? []
      : [
          {
            publicAddress: one.PublicIp ?? '',
            allocationId: one.AllocationId ?? '',
            associationId: one.AssociationId,
            interfaceId: one.NetworkInterfaceId,
            privateAddress: one.PrivateIpAddress ?? '',
          },
        ],
  );
};
