import type { EC2Client, Instance as Ec2Instance, Filter } from '@aws-sdk/client-ec2';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { itemsPerPage } from './pages.ts';

export const instanceReadPermissions = ['ec2:DescribeInstances'] as const;

/** An instance with the account that owns it. */
export interface OwnedInstance {
  readonly instance: Ec2Instance;
  readonly ownerId: string;
}

/**
 * The account's instances that these filters let through, to the last page; those that AWS services
 * manage are included, which an account may have hidden
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).
 */
export const readOwnedInstancesBy = async (
  ec2: EC2Client,
  ...Filters: Filter[]
): Promise<readonly OwnedInstance[]> => {
  const found: OwnedInstance[] = [];
  const pages = paginateDescribeInstances(
    { client: ec2, pageSize: itemsPerPage },
    { IncludeManagedResources: true, Filters },
  );
  for await (const page of pages) {
    for (const { OwnerId: ownerId = '', Instances = [] } of page.Reservations ?? []) {
      found.push(...Instances.map((instance) => ({ instance, ownerId })));
    }
  }
  return found;
};

/** The same, without their owners. */
export const readInstancesBy = async (
  ec2: EC2Client,
  ...filters: Filter[]
): Promise<readonly Ec2Instance[]> =>
  (await readOwnedInstancesBy(ec2, ...filters)).map(({ instance }) => instance);
