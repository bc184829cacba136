import type {
  ElasticLoadBalancingClient,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeLoadBalancersCommand,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing';
import type {
  ElasticLoadBalancingV2Client,
  TargetGroup as Elbv2TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instance, TargetRegistration } from '../case/before.ts';
import { isTargetOf } from '../case/targets.ts';
import { codeOf } from './errors.ts';

export const targetGroupPermissions = [
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
] as const;

export const loadBalancerPermissions = ['elasticloadbalancing:DescribeLoadBalancers'] as const;

export interface TargetGroup {
  readonly arn: string;
  readonly vpcId: string;
  readonly targetType: string;
  /** `HTTP` or `HTTPS` behind an ALB; else it is of a Network or Gateway Load Balancer. */
  readonly protocol?: string;
  /** The port on which targets are registered that name none. */
  readonly port?: number;
}

/** Largest page of DescribeTargetGroups and DescribeLoadBalancers. */
const pageSize = 400;

const toTargetGroup = (group: Elbv2TargetGroup): TargetGroup => ({
  arn: group.TargetGroupArn ?? '',
  vpcId: group.VpcId ?? '',
  targetType: group.TargetType ?? 'instance',
  ...(group.Protocol === undefined ? {} : { protocol: group.Protocol }),
  ...(group.Port === undefined ? {} : { port: group.Port }),
});

/**
 * The target groups that could have the instance: by id only in the VPCs of its interfaces, by
 * address anywhere (peering), never those for functions or load balancers.
 */
export const readCandidateGroups = async (
  client: ElasticLoadBalancingV2Client,
  instance: Instance,
): Promise<readonly TargetGroup[]> => {
  const vpcIds = new Set(instance.networkInterfaces.map((one) => one.vpcId));
  const groups: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client, pageSize }, {})) {
    groups.push(...(page.TargetGroups ?? []).map(toTargetGroup));
  }
  return groups.filter(
    (group) =>
      group.targetType === 'ip' || (group.targetType === 'instance' && vpcIds.has(group.vpcId)),
  );
};

/** Registrations of the instance in one group; a group that is gone has none. */
export const readRegistrations = async (
  client: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
  instance: Instance,
  viaAutoScaling: boolean,
): Promise<readonly TargetRegistration[]> => {
  try {
    const answer = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return (answer.TargetHealthDescriptions ?? []).flatMap(
      ({ Target, TargetHealth }): TargetRegistration[] =>
        Target?.Id === undefined || Target.Port === undefined || !isTargetOf(Target.Id, instance)
          ? []
          : [
              {
                targetGroupArn,
                targetId: Target.Id,
                port: Target.Port,
                ...(Target.AvailabilityZone === undefined ? {} : { zone: Target.AvailabilityZone }),
                state: TargetHealth?.State ?? 'unknown',
                viaAutoScaling: viaAutoScaling && Target.Id === instance.id,
              },
            ],
    );
  } catch (error) {
    if (codeOf(error).startsWith('TargetGroupNotFound')) return [];
    throw error;
  }
};

/** The classic load balancers that have the instance; all of them, or those of these names. */
export const readClassicLoadBalancers = async (
  client: ElasticLoadBalancingClient,
  instanceId: string,
  names?: readonly string[],
): Promise<readonly string[]> => {
  const found: string[] = [];
  const keep = (balancers: readonly LoadBalancerDescription[]) => {
    for (const { LoadBalancerName, Instances } of balancers) {
      const registered = Instances?.some((one) => one.InstanceId === instanceId) === true;
      if (LoadBalancerName !== undefined && registered) found.push(LoadBalancerName);
    }
  };
  if (names !== undefined) {
    if (names.length === 0) return [];
    const command = new DescribeLoadBalancersCommand({ LoadBalancerNames: [...names] });
    keep((await client.send(command)).LoadBalancerDescriptions ?? []);
    return found;
  }
  for await (const page of paginateDescribeLoadBalancers({ client, pageSize }, {})) {
    keep(page.LoadBalancerDescriptions ?? []);
  }
  return found;
};
