import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Rule } from '../case/security-group.ts';
import type { Clock } from './clock.ts';
import { codeOf } from './errors.ts';
import { groupRoleTag, toPermission } from './security-groups.ts';
import { toTags } from './tags.ts';

export const groupChangePermissions = [
  'ec2:CreateSecurityGroup',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:DescribeNetworkInterfaces',
  'ec2:CreateTags',
] as const;

export interface NewGroup {
  readonly vpcId: string;
  readonly name: string;
  readonly role: 'isolation' | 'transition';
  readonly description: string;
}

/**
 * Makes a group; undefined when somebody else just made it (`InvalidGroup.Duplicate`: names are
 * unique per VPC, and two cases may come at once).
 */
export const createGroup = async (
  ec2: EC2Client,
  { vpcId, name, role, description }: NewGroup,
  dryRun = false,
): Promise<string | undefined> => {
  try {
    const answer = await ec2.send(
      new CreateSecurityGroupCommand({
        VpcId: vpcId,
        GroupName: name,
        Description: description,
        TagSpecifications: [
          { ResourceType: 'security-group', Tags: toTags({ [groupRoleTag]: role }) },
        ],
        ...(dryRun ? { DryRun: true } : {}),
      }),
    );
    return answer.GroupId;
  } catch (error) {
    if (codeOf(error) === 'InvalidGroup.Duplicate') return undefined;
    throw error;
  }
};

/** A new group may be unknown to the next call for a moment: six tries within about 3 seconds. */
const visibilityWaits = [0, 100, 200, 400, 800, 1_500] as const;

const onceVisible = async (clock: Clock, call: () => Promise<unknown>): Promise<void> => {
  for (const [tries, milliseconds] of visibilityWaits.entries()) {
    try {
      if (milliseconds > 0) await clock.sleep(milliseconds);
      await call();
      return;
    } catch (error) {
      const last = tries === visibilityWaits.length - 1;
      if (codeOf(error) !== 'InvalidGroup.NotFound' || last) throw error;
    }
  }
};

const accepting = async (codes: readonly string[], call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error;
  }
};

/**
 * In a VPC without IPv6, AWS refuses to revoke an IPv6 rule with InvalidParameterValue; reading
 * the rules afterwards shows whether one is left.
 */
const absent = ['InvalidPermission.NotFound', 'InvalidParameterValue'];

/** Takes rules away, each with a call of its own: one absent rule would refuse them all. */
export const revokeRules = async (
  ec2: EC2Client,
  clock: Clock,
  groupId: string,
  rules: readonly Rule[],
): Promise<void> => {
  await Promise.all(
    rules.map((rule) => {
      const input = { GroupId: groupId, IpPermissions: [toPermission(rule)] };
      return accepting(
        absent,
        onceVisible(clock, () =>
          rule.direction === 'egress'
            ? ec2.send(new RevokeSecurityGroupEgressCommand(input))
            : ec2.send(new RevokeSecurityGroupIngressCommand(input)),
        ),
      );
    }),
  );
};

/** Adds rules, each with a call of its own; one that is there already is fine. */
export const authorizeRules = async (
  ec2: EC2Client,
  clock: Clock,
  groupId: string,
  rules: readonly Rule[],
): Promise<void> => {
  await Promise.all(
    rules.map((rule) => {
      const input = { GroupId: groupId, IpPermissions: [toPermission(rule)] };
      return accepting(
        // A VPC without IPv6 may refuse an IPv6 rule; reading the rules shows what is there.
        ['InvalidPermission.Duplicate', ...(rule.peer.kind === 'ipv6' ? absent : [])],
        onceVisible(clock, () =>
          rule.direction === 'egress'
            ? ec2.send(new AuthorizeSecurityGroupEgressCommand(input))
            : ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
        ),
      );
    }),
  );
};

/** An interface that has a group, with all its groups and its tags. */
export interface GroupUser {
  readonly interfaceId: string;
  readonly groupIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The interfaces that have a group. */
export const readGroupUsers = async (
  ec2: EC2Client,
  groupId: string,
): Promise<readonly GroupUser[]> => {
  const answer = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
  );
  return (answer.NetworkInterfaces ?? []).map((one) => ({
    interfaceId: one.NetworkInterfaceId ?? '',
    groupIds: (one.Groups ?? []).flatMap((group) => group.GroupId ?? []),
    tags: Object.fromEntries((one.TagSet ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
  }));
};
