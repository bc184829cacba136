import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';

/**
 * The account that asks; undefined where it has no VPC. Every default group that EC2 shows is its
 * own: they cannot be shared, and who takes part in another account's VPC sees nothing of the
 * owner's there (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html).
 */
export const readOwnAccount = async (ec2: EC2Client): Promise<string | undefined> => {
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
