import type { EC2Client, NetworkInterface as Ec2NetworkInterface } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import { AwsUnavailableError } from '../case/errors.ts';
import type { Rule } from '../case/security-group.ts';
import type { Clock } from './clock.ts';
import { codeOf, inWords, isDenied } from './errors.ts';
import { isPassing } from './insist.ts';
import { networkInterfacePermissions, readInterfacesBy } from './network-interfaces.ts';
import { groupRoleTag, toPermission } from './security-groups.ts';
import { toTags } from './tags.ts';

export const groupChangePermissions = [
  'ec2:CreateSecurityGroup',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
  'ec2:RevokeSecurityGroupEgress',
  ...networkInterfacePermissions,
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
 *
 * @throws AwsUnavailableError when the answer has no id; the group may be there all the same.
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
    if (answer.GroupId === undefined) {
      throw new AwsUnavailableError(`EC2 answered without the id of the group ${name}: ask again.`);
    }
    return answer.GroupId;
  } catch (error) {
    if (codeOf(error) === 'InvalidGroup.Duplicate') return undefined;
    throw error;
  }
};

/** A group whose rules are changed. */
export interface ChangedGroup {
  readonly groupId: string;
  /** True when it was made in this run: IAM may not know its tag yet, and so deny the call. */
  readonly fresh: boolean;
  /** True where IPv6 is in use, so that no IPv6 rule may be refused for want of it. */
  readonly ipv6?: boolean;
}

/** A new group may be unknown to the next call for a moment: six tries within about 3 seconds. */
const visibilityWaits = [0, 100, 200, 400, 800, 1_500] as const;

/**
 * The group itself is not known yet. Where the rules name another group, that may be what does not
 * exist: AWS then names it, or says that the two are of different networks.
 */
const isInvisible = (
  error: unknown,
  { groupId, fresh }: ChangedGroup,
  rules: readonly Rule[],
): boolean => {
  if (fresh && isDenied(error)) return true;
  if (codeOf(error) !== 'InvalidGroup.NotFound') return false;
  const named = error instanceof Error ? error.message.match(/\bsg-[0-9a-f]+\b/g) : null;
  return named === null
    ? rules.every(({ peer }) => peer.kind !== 'group')
    : named.includes(groupId);
};

const onceVisible = async (
  clock: Clock,
  group: ChangedGroup,
  rules: readonly Rule[],
  call: () => Promise<unknown>,
): Promise<void> => {
  for (const [tries, milliseconds] of visibilityWaits.entries()) {
    try {
      if (milliseconds > 0) await clock.sleep(milliseconds);
      await call();
      return;
    } catch (error) {
      const last = tries === visibilityWaits.length - 1;
      const passes = isInvisible(error, group, rules) || error instanceof AwsUnavailableError;
      if (!passes || last) throw error;
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
  group: ChangedGroup,
  rules: readonly Rule[],
): Promise<void> => {
  await Promise.all(
    rules.map((rule) => {
      const input = { GroupId: group.groupId, IpPermissions: [toPermission(rule)] };
      return accepting(
        absent,
        onceVisible(clock, group, [rule], () =>
          rule.direction === 'egress'
            ? ec2.send(new RevokeSecurityGroupEgressCommand(input))
            : ec2.send(new RevokeSecurityGroupIngressCommand(input)),
        ),
      );
    }),
  );
};

/** A VPC without IPv6 may refuse an IPv6 rule; reading the rules shows what is there. */
const tolerated = (rule: Rule, { ipv6 = false }: ChangedGroup): readonly string[] => [
  'InvalidPermission.Duplicate',
  ...(rule.peer.kind === 'ipv6' && !ipv6 ? absent : []),
];

/** EC2 says so where it has added a rule; an empty answer may come without the change. */
const saidTrue = ({ Return }: { readonly Return?: boolean | undefined }): void => {
  if (Return !== true) throw new AwsUnavailableError('EC2 answered without a result: ask again.');
};

const authorize = (
  ec2: EC2Client,
  clock: Clock,
  group: ChangedGroup,
  direction: Rule['direction'],
  rules: readonly Rule[],
): Promise<void> => {
  const input = { GroupId: group.groupId, IpPermissions: rules.map(toPermission) };
  return onceVisible(clock, group, rules, async () =>
    saidTrue(
      direction === 'egress'
        ? await ec2.send(new AuthorizeSecurityGroupEgressCommand(input))
        : await ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
    ),
  );
};

/** A rule that AWS would not add: it names a group or list that is not there, or is one too many. */
export interface RefusedRule {
  readonly rule: Rule;
  readonly code: string;
  readonly words: string;
}

/** From here on rules go in one call first: more calls at once would be throttled (50, 5 a second). */
const manyRules = 5;

/**
 * Adds rules, few of them each with a call of its own; one that is there already is fine. Returns
 * those that AWS refused: what lets less through than it might is no hole.
 *
 * @throws what EC2 answers when it is busy, or denies the call.
 */
export const authorizeRules = async (
  ec2: EC2Client,
  clock: Clock,
  group: ChangedGroup,
  rules: readonly Rule[],
): Promise<readonly RefusedRule[]> => {
  const refused: RefusedRule[] = [];
  const addOne = async (rule: Rule): Promise<void> => {
    try {
      await accepting(tolerated(rule, group), authorize(ec2, clock, group, rule.direction, [rule]));
    } catch (error) {
      if (isDenied(error) || isPassing(error)) throw error;
      if (isInvisible(error, group, [rule])) throw error;
      refused.push({ rule, code: codeOf(error), words: inWords(error) });
    }
  };
  await Promise.all(
    (['ingress', 'egress'] as const).map(async (direction) => {
      const these = rules.filter((rule) => rule.direction === direction);
      if (these.length < manyRules) return Promise.all(these.map(addOne));
      try {
        return await authorize(ec2, clock, group, direction, these);
      } catch (error) {
        // One rule that is refused refuses them all.
        if (isDenied(error) || isPassing(error)) throw error;
        if (isInvisible(error, group, these)) throw error;
        return Promise.all(these.map(addOne));
      }
    }),
  );
  return refused;
};

/** An interface that has a group: who it belongs to, all its groups, its tags. */
export interface GroupUser {
  readonly interfaceId: string;
  /** The account of the interface; in a shared VPC not always the one that asks. */
  readonly ownerId?: string;
  readonly instanceId?: string;
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const toGroupUser = (one: Ec2NetworkInterface): GroupUser => ({
  interfaceId: one.NetworkInterfaceId ?? '',
  ...defined({ ownerId: one.OwnerId }),
  ...(one.Attachment?.InstanceId === undefined ? {} : { instanceId: one.Attachment.InstanceId }),
  groupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  groupNames: (one.Groups ?? []).map(({ GroupName }) => GroupName ?? ''),
  tags: Object.fromEntries((one.TagSet ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
});

/** The interfaces that have one of these groups. */
export const readUsersOf = async (
  ec2: EC2Client,
  groupIds: readonly string[],
): Promise<readonly GroupUser[]> =>
  (await readInterfacesBy(ec2, 'group-id', groupIds)).map(toGroupUser);

/** The interfaces that have a group. */
export const readGroupUsers = (ec2: EC2Client, groupId: string): Promise<readonly GroupUser[]> =>
  readUsersOf(ec2, [groupId]);
