import type { EC2Client, Instance as Ec2Instance, Filter } from '@aws-sdk/client-ec2';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { itemsPerPage } from './pages.ts';

export const instanceReadPermissions = ['ec2:DescribeInstances'] as const;

/**
 * The account's instances that these filters let through, to the last page; those that AWS services
 * manage are included, which an account may have hidden
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).
 */
export const readInstancesBy = async (
  ec2: EC2Client,
  ...Filters: Filter[]
): Promise<readonly Ec2Instance[]> => {
  const found: Ec2Instance[] = [];
  const pages = paginateDescribeInstances(
    { client: ec2, pageSize: itemsPerPage },
    { IncludeManagedResources: true, Filters },
  );
  for await (const page of pages) {
    found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
  }
  return found;
};
