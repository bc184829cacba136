import type { EC2Client, Vpc } from '@aws-sdk/client-ec2';
import { paginateDescribeSecurityGroups, paginateDescribeVpcs } from '@aws-sdk/client-ec2';

export interface FoundVpc {
  readonly id: string;
  /** The account that asks; the VPC itself may be another account's, and shared. */
  readonly ownAccountId: string;
  readonly ipv6: boolean;
}

/** Every default group that EC2 shows is the asking account's own: those cannot be shared. */
const readOwnAccount = async (ec2: EC2Client): Promise<string | undefined> => {
  const pages = paginateDescribeSecurityGroups(
    { client: ec2, pageSize: 5 },
    { Filters: [{ Name: 'group-name', Values: ['default'] }] },
  );
  // A page may be empty and not the last.
  for await (const { SecurityGroups = [] } of pages) {
    if (SecurityGroups[0] !== undefined) return SecurityGroups[0].OwnerId;
  }
  return undefined;
};

const readAll = async (ec2: EC2Client): Promise<readonly Vpc[]> => {
  const vpcs: Vpc[] = [];
  for await (const page of paginateDescribeVpcs({ client: ec2 }, {})) {
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
