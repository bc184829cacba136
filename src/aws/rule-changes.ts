import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { AwsUnavailableError } from '../case/errors.ts';
import type { Rule } from '../case/security-group.ts';
import type { Clock } from './clock.ts';
import { codeOf, inWords, isDenied } from './errors.ts';
import type { ChangedGroup } from './group-changes.ts';
import { accepting, isInvisible, onceVisible } from './group-changes.ts';
import { isPassing } from './insist.ts';
import { toPermission } from './security-groups.ts';

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
