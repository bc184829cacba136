import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateNetworkAclEntryCommand,
  DescribeVpcsCommand,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkAcls,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import type { AclEntry, NetworkAcl } from '../case/network-acl.ts';
import { itemsPerPage } from './pages.ts';

/** The network ACLs of these subnets, with all the subnets that each of them guards. */
export const readNetworkAcls = async (
  ec2: EC2Client,
  subnetIds: readonly string[],
): Promise<readonly NetworkAcl[]> => {
  if (subnetIds.length === 0) return [];
  const acls: NetworkAcl[] = [];
  const pages = paginateDescribeNetworkAcls(
    { client: ec2, pageSize: itemsPerPage },
    { Filters: [{ Name: 'association.subnet-id', Values: [...subnetIds] }] },
  );
  for await (const page of pages) {
    for (const acl of page.NetworkAcls ?? []) {
      acls.push({
        id: acl.NetworkAclId ?? '',
        vpcId: acl.VpcId ?? '',
        subnetIds: (acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
        entries: (acl.Entries ?? []).map((entry) => ({
          number: entry.RuleNumber ?? 0,
          egress: entry.Egress ?? false,
          allow: entry.RuleAction === 'allow',
          protocol: entry.Protocol ?? '-1',
          cidr: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '',
        })),
        tags: Object.fromEntries(
          (acl.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
        ),
      });
    }
  }
  return acls;
};

/** Every address range of these VPCs, of both families. */
export const readVpcRanges = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly string[]> => {
  if (vpcIds.length === 0) return [];
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [...vpcIds] }));
  return Vpcs.flatMap((vpc) => [
    ...(vpc.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []),
    ...(vpc.Ipv6CidrBlockAssociationSet ?? []).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []),
  ]);
};

/** The largest page of prefix lists, and of the entries of one. */
const listsPerPage = 100;

/**
 * The ranges of AWS's services in this Region, from the prefix lists that AWS manages
 * (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
 */
export const readAwsRanges = async (ec2: EC2Client): Promise<readonly string[]> => {
  const ids: string[] = [];
  const lists = paginateDescribeManagedPrefixLists(
    { client: ec2, pageSize: listsPerPage },
    { Filters: [{ Name: 'owner-id', Values: ['AWS'] }] },
  );
  for await (const page of lists) {
    ids.push(...(page.PrefixLists ?? []).flatMap(({ PrefixListId }) => PrefixListId ?? []));
  }
  const ranges = await Promise.all(
    ids.map(async (PrefixListId) => {
      const cidrs: string[] = [];
      const entries = paginateGetManagedPrefixListEntries(
        { client: ec2, pageSize: listsPerPage },
        { PrefixListId },
      );
      for await (const page of entries) {
        cidrs.push(...(page.Entries ?? []).flatMap(({ Cidr }) => Cidr ?? []));
      }
      return cidrs;
    }),
  );
  return ranges.flat();
};

/** Adds one entry; a number that somebody took meanwhile is refused by AWS. */
export const createAclEntry = async (
  ec2: EC2Client,
  networkAclId: string,
  { number, egress, allow, protocol, cidr }: AclEntry,
  dryRun: boolean,
): Promise<void> => {
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId: networkAclId,
      RuleNumber: number,
      Egress: egress,
      RuleAction: allow ? 'allow' : 'deny',
      Protocol: protocol,
      ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
      ...(dryRun ? { DryRun: true } : {}),
    }),
  );
};
