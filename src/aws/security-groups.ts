import type {
  EC2Client,
  SecurityGroup as Ec2Group,
  Filter,
  IpPermission,
} from '@aws-sdk/client-ec2';
import { DescribeSecurityGroupsCommand, paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import type { Rule, SecurityGroup } from '../case/security-group.ts';
import { codeOf } from './errors.ts';
import { filterLists, itemsPerPage, wholeList } from './pages.ts';

export const securityGroupPermissions = ['ec2:DescribeSecurityGroups'] as const;

/** The tag that IAM policies test, because they cannot test a group's name. */
export const groupRoleTag = 'cordon:role';

const rulesOf = (direction: Rule['direction'], permission: IpPermission): Rule[] => {
  const base = {
    direction,
    protocol: permission.IpProtocol ?? '-1',
    ...defined({ fromPort: permission.FromPort, toPort: permission.ToPort }),
  };
  return [
    ...(permission.IpRanges ?? []).map(
      (range): Rule => ({ ...base, peer: { kind: 'ipv4', cidr: range.CidrIp ?? '' } }),
    ),
    ...(permission.Ipv6Ranges ?? []).map(
      (range): Rule => ({ ...base, peer: { kind: 'ipv6', cidr: range.CidrIpv6 ?? '' } }),
    ),
    ...(permission.PrefixListIds ?? []).map(
      (list): Rule => ({ ...base, peer: { kind: 'prefix-list', id: list.PrefixListId ?? '' } }),
    ),
    ...(permission.UserIdGroupPairs ?? []).map(
      (pair): Rule => ({
        ...base,
        peer: {
          kind: 'group',
          id: pair.GroupId ?? '',
          ...defined({ accountId: pair.UserId }),
        },
      }),
    ),
  ];
};

const toSecurityGroup = (group: Ec2Group): SecurityGroup => {
  const role = group.Tags?.find((tag) => tag.Key === groupRoleTag)?.Value;
  return {
    id: group.GroupId ?? '',
    name: group.GroupName ?? '',
    vpcId: group.VpcId ?? '',
    ownerId: group.OwnerId ?? '',
    rules: [
      ...(group.IpPermissions ?? []).flatMap((permission) => rulesOf('ingress', permission)),
      ...(group.IpPermissionsEgress ?? []).flatMap((permission) => rulesOf('egress', permission)),
    ],
    ...defined({ role }),
  };
};

/** One rule in the form in which EC2 takes it for authorize and revoke. */
export const toPermission = ({ protocol, fromPort, toPort, peer }: Rule): IpPermission => ({
  IpProtocol: protocol,
  ...defined({ FromPort: fromPort, ToPort: toPort }),
  ...(peer.kind === 'ipv4' ? { IpRanges: [{ CidrIp: peer.cidr }] } : {}),
  ...(peer.kind === 'ipv6' ? { Ipv6Ranges: [{ CidrIpv6: peer.cidr }] } : {}),
  ...(peer.kind === 'prefix-list' ? { PrefixListIds: [{ PrefixListId: peer.id }] } : {}),
  ...(peer.kind === 'group'
    ? {
        UserIdGroupPairs: [
          {
            GroupId: peer.id,
            ...defined({ UserId: peer.accountId }),
          },
        ],
      }
    : {}),
});

/** The groups that these filters let through, to the last page. */
const readGroupsBy = async (
  ec2: EC2Client,
  ...Filters: Filter[]
): Promise<readonly SecurityGroup[]> => {
  const groups: SecurityGroup[] = [];
  const pages = paginateDescribeSecurityGroups(
    { client: ec2, pageSize: itemsPerPage },
    { Filters },
  );
  for await (const { SecurityGroups } of pages) {
    groups.push(...wholeList(SecurityGroups, 'security groups').map(toSecurityGroup));
  }
  return groups;
};

/** Every group, in all VPCs, that bears a name that Cordon gives; in one round trip as a rule. */
export const readCordonGroups = (ec2: EC2Client): Promise<readonly SecurityGroup[]> =>
  readGroupsBy(ec2, {
    Name: 'group-name',
    Values: ['cordon-isolation-*', 'cordon-transition', 'cordon-transition-*'],
  });

/** The groups of these names in one VPC. */
export const readGroupsByName = (
  ec2: EC2Client,
  vpcId: string,
  names: readonly string[],
): Promise<readonly SecurityGroup[]> =>
  readGroupsBy(
    ec2,
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [...names] },
  );

/** The groups with these ids, at most 200, by filter: an id that is gone refuses nothing. */
export const readGroupsByFilter = (
  ec2: EC2Client,
  ids: readonly string[],
): Promise<readonly SecurityGroup[]> => readGroupsBy(ec2, { Name: 'group-id', Values: [...ids] });

/** The groups with these ids; those that are not (yet) visible are left out. */
export const readGroupsById = async (
  ec2: EC2Client,
  ids: readonly string[],
): Promise<readonly SecurityGroup[]> => {
  if (ids.length === 0) return [];
  try {
    const answer = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...ids] }));
    return (answer.SecurityGroups ?? []).map(toSecurityGroup);
  } catch (error) {
    if (codeOf(error) !== 'InvalidGroup.NotFound') throw error;
    // One id that is gone refuses the whole call.
    return ids.length === 1
      ? []
      : (await Promise.all(ids.map((id) => readGroupsById(ec2, [id])))).flat();
  }
};

/** The groups that have a rule, in or out, that names one of these groups. */
export const readReferencingGroups = async (
  ec2: EC2Client,
  groupIds: readonly string[],
): Promise<readonly SecurityGroup[]> => {
  const answers = await Promise.all(
    ['ip-permission.group-id', 'egress.ip-permission.group-id'].flatMap((Name) =>
      filterLists(groupIds).map((Values) => readGroupsBy(ec2, { Name, Values })),
    ),
  );
  return [...new Map(answers.flat().map((group) => [group.id, group])).values()];
};
