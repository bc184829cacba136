import type { AutoScalingClient, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Membership, MembershipReading } from '../case/before.ts';
import { inWords } from './errors.ts';

export const autoScalingPermissions = [
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeAutoScalingGroups',
] as const;

/** The largest page that Auto Scaling gives. */
const groupsPerPage = 100;

const groupNamed = async (
  autoScaling: AutoScalingClient,
  name: string,
): Promise<AutoScalingGroup | undefined> => {
  const answer = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return answer.AutoScalingGroups?.[0];
};

/** A guess that is allowed to fail: the first page of the account's groups. */
const firstGroups = async (
  autoScaling: AutoScalingClient,
): Promise<readonly AutoScalingGroup[]> => {
  try {
    const answer = await autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ MaxRecords: groupsPerPage }),
    );
    return answer.AutoScalingGroups ?? [];
  } catch {
    return [];
  }
};

/** The state of an instance in its group, without the group's attachments; one call. */
export const readLifecycleState = async (
  autoScaling: AutoScalingClient,
  instanceId: string,
): Promise<
  { groupName: string; lifecycleState: string; protectedFromScaleIn: boolean } | undefined
> => {
  const answer = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const found = answer.AutoScalingInstances?.[0];
  return found?.AutoScalingGroupName === undefined
    ? undefined
    : {
        groupName: found.AutoScalingGroupName,
        lifecycleState: found.LifecycleState ?? 'unknown',
        protectedFromScaleIn: found.ProtectedFromScaleIn ?? false,
      };
};

/**
 * The instance's group with the group's own target groups and classic load balancers. No call
 * finds an instance's group with its attachments; so the first page of groups is asked for beside
 * the membership, which saves a round trip to the cut in accounts with up to 100 groups.
 */
export const readMembership = async (
  autoScaling: AutoScalingClient,
  instanceId: string,
): Promise<MembershipReading> => {
  try {
    const [state, groups] = await Promise.all([
      readLifecycleState(autoScaling, instanceId),
      firstGroups(autoScaling),
    ]);
    if (state === undefined) return { known: true };
    const group =
      groups.find((one) => one.AutoScalingGroupName === state.groupName) ??
      // The detach needs the name only; without the attachments it goes on.
      (await groupNamed(autoScaling, state.groupName).catch(() => undefined));
    const membership: Membership = {
      ...state,
      targetGroupArns: group?.TargetGroupARNs ?? [],
      loadBalancerNames: group?.LoadBalancerNames ?? [],
    };
    return { known: true, membership };
  } catch (error) {
    return { known: false, why: inWords(error) };
  }
};
