import type {
  EC2Client,
  NetworkInterface as Ec2NetworkInterface,
  Filter,
} from '@aws-sdk/client-ec2';
import { paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import { filterLists, itemsPerPage, wholeList } from './pages.ts';

export const networkInterfacePermissions = ['ec2:DescribeNetworkInterfaces'] as const;

/** The filters by which Cordon looks for interfaces; the API has none by a group's name. */
export type InterfaceFilter =
  | 'attachment.instance-id'
  | 'group-id'
  | 'network-interface-id'
  | 'vpc-id'
  | 'addresses.private-ip-address'
  | 'ipv6-addresses.ipv6-address';

/**
 * Every interface of which the filter has one of these values; none for no values. By filter and in
 * pages, never by the parameter for ids: one interface that has gone would refuse the whole call,
 * and EC2 refuses ids beside a page size. Interfaces that AWS services manage are included, which
 * an account may have hidden
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html).
 */
export const readInterfacesBy = async (
  ec2: EC2Client,
  name: InterfaceFilter,
  values: readonly string[],
  ...more: Filter[]
): Promise<readonly Ec2NetworkInterface[]> => {
  const found: Ec2NetworkInterface[] = [];
  for (const some of filterLists(values)) {
    const pages = paginateDescribeNetworkInterfaces(
      { client: ec2, pageSize: itemsPerPage },
      { IncludeManagedResources: true, Filters: [{ Name: name, Values: some }, ...more] },
    );
    for await (const { NetworkInterfaces } of pages) {
      found.push(...wholeList(NetworkInterfaces, 'network interfaces'));
    }
  }
  return found;
};
