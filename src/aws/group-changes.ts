import type { EC2Client } from '@aws-sdk/client-ec2';
import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { AwsUnavailableError } from '../case/errors.ts';
import type { Rule } from '../case/security-group.ts';
import type { Clock } from './clock.ts';
import { codeOf, isDenied } from './errors.ts';
import { networkInterfacePermissions } from './network-interfaces.ts';
import { groupRoleTag } from './security-groups.ts';
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
export const isInvisible = (
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

export const onceVisible = async (
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

export const accepting = async (
  codes: readonly string[],
  call: Promise<unknown>,
): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error;
  }
};
