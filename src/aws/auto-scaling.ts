import type { AutoScalingClient, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Membership, MembershipReading } from '../case/before.ts';
import { inWords } from './errors.ts';

export const autoScalingGroupPermissions = ['autoscaling:DescribeAutoScalingGroups'] as const;

export const autoScalingPermissions = [
  'autoscaling:DescribeAutoScalingInstances',
  ...autoScalingGroupPermissions,
] as const;

const latticeSource = 'vpc-lattice';

/** What the group is beside its name; nothing where it could not be read. */
const facts = (
  group: AutoScalingGroup | undefined,
): Omit<Membership, 'groupName' | 'lifecycleState' | 'protectedFromScaleIn'> => {
  if (group === undefined) return { targetGroupArns: [], loadBalancerNames: [] };
  const lattice = (group.TrafficSources ?? [])
    .filter(({ Type }) => Type === latticeSource)
    .flatMap(({ Identifier }) => Identifier ?? []);
  const { MinSize: minimum, DesiredCapacity: desired, MaxSize: maximum } = group;
  return {
    targetGroupArns: group.TargetGroupARNs ?? [],
    loadBalancerNames: group.LoadBalancerNames ?? [],
    ...(lattice.length > 0 ? { latticeTargetGroups: lattice } : {}),
    instanceIds: (group.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
    ...(minimum === undefined || desired === undefined || maximum === undefined
      ? {}
      : { sizes: { minimum, desired, maximum } }),
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(
      ({ ProcessName }) => ProcessName ?? [],
    ),
  };
};

/** The members of a group as they are now. */
export const readMembers = async (
  autoScaling: AutoScalingClient,
  groupName: string,
): Promise<readonly { readonly instanceId: string; readonly lifecycleState: string }[]> => {
  const group = await groupNamed(autoScaling, groupName);
  return (group?.Instances ?? []).map((one) => ({
    instanceId: one.InstanceId ?? '',
    lifecycleState: one.LifecycleState ?? 'unknown',
  }));
};

/** The largest page that Auto Scaling gives. */
const groupsPerPage = 100;

/** The group of this name; undefined when it is gone. */
export const groupNamed = async (
  autoScaling: AutoScalingClient,
  name: string,
): Promise<AutoScalingGroup | undefined> => {
  const answer = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return answer.AutoScalingGroups?.[0];
};

/** A guess that is allowed to fail: the first page of the account's groups. */
export const firstGroups = async (
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

/** The state of an instance in its group, without the group's attachments. */
export interface LifecycleState {
  readonly groupName: string;
  readonly lifecycleState: string;
  readonly protectedFromScaleIn: boolean;
}

/** DescribeAutoScalingInstances takes so many ids at once. */
export const idsPerDescription = 50;

/**
 * The states of up to 50 instances; one that is in no group, or unknown, is not in the answer
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html).
 */
export const readLifecycleStates = async (
  autoScaling: AutoScalingClient,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, LifecycleState>> => {
  const { AutoScalingInstances = [] } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [...instanceIds] }),
  );
  return new Map(
    AutoScalingInstances.flatMap(({ InstanceId = '', AutoScalingGroupName, ...found }) =>
      AutoScalingGroupName === undefined
        ? []
        : [
            [
              InstanceId,
              {
                groupName: AutoScalingGroupName,
                lifecycleState: found.LifecycleState ?? 'unknown',
                protectedFromScaleIn: found.ProtectedFromScaleIn ?? false,
              },
            ],
          ],
    ),
  );
};

/** The state of an instance in its group, without the group's attachments; one call. */
export const readLifecycleState = async (
  autoScaling: AutoScalingClient,
  instanceId: string,
): Promise<LifecycleState | undefined> => {
  const [state] = (await readLifecycleStates(autoScaling, [instanceId])).values();
  return state;
};

/** What a group registers its members with; undefined for a group that is gone. */
export const readAttachments = async (
  autoScaling: AutoScalingClient,
  groupName: string,
): Promise<Pick<Membership, 'targetGroupArns' | 'loadBalancerNames'> | undefined> => {
  const group = await groupNamed(autoScaling, groupName);
  return group === undefined ? undefined : facts(group);
};

/** The membership of an instance in this state; a group that is not among these is looked up. */
export const membershipIn = async (
  state: LifecycleState | undefined,
  groups: readonly AutoScalingGroup[],
  lookUp: (name: string) => Promise<AutoScalingGroup | undefined>,
): Promise<MembershipReading> => {
  if (state === undefined) return { known: true };
  const group =
    groups.find((one) => one.AutoScalingGroupName === state.groupName) ??
    // The detach needs the name only; without the attachments it goes on.
    (await lookUp(state.groupName).catch(() => undefined));
  const membership: Membership = { ...state, ...facts(group) };
  return { known: true, membership };
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
    return await membershipIn(state, groups, (name) => groupNamed(autoScaling, name));
  } catch (error) {
    return { known: false, why: inWords(error) };
  }
};
