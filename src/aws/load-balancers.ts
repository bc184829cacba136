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
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instance, TargetRegistration } from '../case/before.ts';
import { defined } from '../case/defined.ts';
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
  ...defined({ protocol: group.Protocol, port: group.Port }),
});

/** Every target group of the Region, to the last page. */
export const readTargetGroups = async (
  client: ElasticLoadBalancingV2Client,
): Promise<readonly TargetGroup[]> => {
  const groups: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client, pageSize }, {})) {
    groups.push(...(page.TargetGroups ?? []).map(toTargetGroup));
  }
  return groups;
};

/**
 * The target groups that could have the instance: by id only in the VPCs of its interfaces, by
 * address anywhere (peering), never those for functions or load balancers.
 */
export const candidateGroups = (
  groups: readonly TargetGroup[],
  instance: Instance,
): readonly TargetGroup[] => {
  const vpcIds = new Set(instance.networkInterfaces.map((one) => one.vpcId));
  return groups.filter(
    (group) =>
      group.targetType === 'ip' || (group.targetType === 'instance' && vpcIds.has(group.vpcId)),
  );
};

/** The candidate groups as they are now. */
export const readCandidateGroups = async (
  client: ElasticLoadBalancingV2Client,
  instance: Instance,
): Promise<readonly TargetGroup[]> => candidateGroups(await readTargetGroups(client), instance);

/** Whatever is registered in one target group; a group that is gone has nothing. */
export const readTargets = async (
  client: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
): Promise<readonly TargetHealthDescription[]> => {
  try {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    return (await client.send(command)).TargetHealthDescriptions ?? [];
  } catch (error) {
    if (codeOf(error).startsWith('TargetGroupNotFound')) return [];
    throw error;
  }
};

/** Those of a group's targets that are the instance. */
export const registrationsAmong = (
  targets: readonly TargetHealthDescription[],
  targetGroupArn: string,
  instance: Instance,
  viaAutoScaling: boolean,
): readonly TargetRegistration[] =>
  targets.flatMap(({ Target, TargetHealth }): TargetRegistration[] =>
    Target?.Id === undefined || Target.Port === undefined || !isTargetOf(Target.Id, instance)
      ? []
      : [
          {
            targetGroupArn,
            targetId: Target.Id,
            port: Target.Port,
            ...defined({ zone: Target.AvailabilityZone }),
            state: TargetHealth?.State ?? 'unknown',
            viaAutoScaling: viaAutoScaling && Target.Id === instance.id,
          },
        ],
  );

/** Registrations of the instance in one group; a group that is gone has none. */
export const readRegistrations = async (
  client: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
  instance: Instance,
  viaAutoScaling: boolean,
): Promise<readonly TargetRegistration[]> => {
  const targets = await readTargets(client, targetGroupArn);
  return registrationsAmong(targets, targetGroupArn, instance, viaAutoScaling);
};

/** A classic load balancer with those that it sends traffic to. */
export interface ClassicLoadBalancer {
  readonly name: string;
  readonly instanceIds: readonly string[];
}

const toClassic = ({
  LoadBalancerName: name = '',
  Instances = [],
}: LoadBalancerDescription): ClassicLoadBalancer => ({
  name,
  instanceIds: Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
});

/** Every classic load balancer of the Region, to the last page. */
export const readClassic = async (
  client: ElasticLoadBalancingClient,
): Promise<readonly ClassicLoadBalancer[]> => {
  const found: ClassicLoadBalancer[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client, pageSize }, {})) {
    found.push(...(page.LoadBalancerDescriptions ?? []).map(toClassic));
  }
  return found;
};

/** The names of those that have the instance. */
export const classicWith = (
  balancers: readonly ClassicLoadBalancer[],
  instanceId: string,
): readonly string[] =>
  balancers
    .filter(({ name, instanceIds }) => name !== '' && instanceIds.includes(instanceId))
    .map(({ name }) => name);

/** The classic load balancers that have the instance; all of them, or those of these names. */
export const readClassicLoadBalancers = async (
  client: ElasticLoadBalancingClient,
  instanceId: string,
  names?: readonly string[],
): Promise<readonly string[]> => {
  if (names === undefined) return classicWith(await readClassic(client), instanceId);
  if (names.length === 0) return [];
  const command = new DescribeLoadBalancersCommand({ LoadBalancerNames: [...names] });
  const { LoadBalancerDescriptions = [] } = await client.send(command);
  return classicWith(LoadBalancerDescriptions.map(toClassic), instanceId);
};
