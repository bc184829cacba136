import type { EC2Client, Vpc } from '@aws-sdk/client-ec2';
import { paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import { readOwnAccount } from './own-account.ts';
import { itemsPerPage } from './pages.ts';

export interface FoundVpc {
  readonly id: string;
  /** The account that asks; the VPC itself may be another account's, and shared. */
  readonly ownAccountId: string;
  readonly ipv6: boolean;
}

const readAll = async (ec2: EC2Client): Promise<readonly Vpc[]> => {
  const vpcs: Vpc[] = [];
  for await (const page of paginateDescribeVpcs({ client: ec2, pageSize: itemsPerPage }, {})) {
    vpcs.push(...(page.Vpcs ?? []));
  }
  return vpcs;
};

/** Every VPC of the Region in which the account can make groups. */
export const readVpcs = async (ec2: EC2Client): Promise<readonly FoundVpc[]> => {
  const [own, vpcs] = await Promise.all([readOwnAccount(ec2), readAll(ec2)]);
  return vpcs.map((vpc) => ({
    id: vpc.VpcId ?? '',
    ownAccountId: own ?? vpc.OwnerId ?? '',
    ipv6: (vpc.Ipv6CidrBlockAssociationSet ?? []).length > 0,
  }));
};
