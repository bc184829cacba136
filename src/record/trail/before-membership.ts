import type { Membership } from '../../case/before.ts';
import { wholeTagValue } from './tag-value.ts';

export const beforeMembershipTag = 'cordon:before:asg';

/** What the tag remembers of the instance's place in an Auto Scaling group. */
export type RememberedMembership = Pick<
  Membership,
  'groupName' | 'lifecycleState' | 'protectedFromScaleIn'
>;

/**
 * `<group> <lifecycle state> protected=0`; undefined where a tag cannot hold the group's name, which
 * has up to 255 characters, spaces among them
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html).
 */
export const writeMembership = (former: RememberedMembership): string | undefined =>
  wholeTagValue(
    `${former.groupName} ${former.lifecycleState} protected=${former.protectedFromScaleIn ? 1 : 0}`,
  );

const pattern = /^(.+) (\S+) protected=([01])$/s;

/** What the tag says; undefined for a value of another form. The state has no space, a name may. */
export const readMembership = (value: string): RememberedMembership | undefined => {
  const [, groupName, lifecycleState, bit] = pattern.exec(value) ?? [];
  return groupName === undefined || lifecycleState === undefined
    ? undefined
    : { groupName, lifecycleState, protectedFromScaleIn: bit === '1' };
};
