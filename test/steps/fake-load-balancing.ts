import type {
  DeregisterInstancesFromLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type {
  DeregisterTargetsCommandInput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetHealthCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { awsError } from './aws-error.ts';
import type { FakeAws } from './fake-aws.ts';
import { targetGroupArn, vpcId } from './sample-instance.ts';

interface FakeTarget {
  readonly id: string;
  readonly port: number;
  readonly zone?: string;
  readonly state?: string;
}

interface FakeTargetGroup {
  readonly name: string;
  readonly type?: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly vpcId?: string;
  /** `HTTP`, `TCP`, `GENEVE`, …; some groups, as those for functions, have none. */
  readonly protocol?: string;
  readonly targets: readonly FakeTarget[];
}

interface Balancing {
  readonly groups?: readonly FakeTargetGroup[];
  /** Instances per classic load balancer. */
  readonly classic?: Readonly<Record<string, readonly string[]>>;
  readonly pageSize?: number;
  /** False: what is taken out is gone at once, as in a group that no load balancer uses. */
  readonly drains?: boolean;
}

/** Load balancers that remember who is registered; what is taken out drains. */
export class FakeLoadBalancing {
  readonly #targets = new Map<string, FakeTarget[]>();
  readonly #classic: Map<string, string[]>;

  constructor(
    aws: FakeAws,
    { groups = [], classic = {}, pageSize = 400, drains = true }: Balancing = {},
  ) {
    for (const { name, targets } of groups) this.#targets.set(targetGroupArn(name), [...targets]);
    this.#classic = new Map(Object.entries(classic).map(([name, ids]) => [name, [...ids]]));
    const { loadBalancing, loadBalancingV2 } = aws;
    loadBalancingV2
      .on(DescribeTargetGroupsCommand)
      .callsFake(async ({ Marker }: DescribeTargetGroupsCommandInput) => {
        const from = Number(Marker ?? 0);
        const more = groups.length > from + pageSize;
        return {
          TargetGroups: groups.slice(from, from + pageSize).map((one) => ({
            TargetGroupArn: targetGroupArn(one.name),
            TargetType: one.type ?? 'instance',
            VpcId: one.vpcId ?? vpcId,
            ...(one.protocol === undefined ? {} : { Protocol: one.protocol as 'TCP' }),
          })),
          ...(more ? { NextMarker: String(from + pageSize) } : {}),
        };
      });
    loadBalancingV2
      .on(DescribeTargetHealthCommand)
      .callsFake(async (input: DescribeTargetHealthCommandInput) => ({
        TargetHealthDescriptions: this.#in(input.TargetGroupArn).map(
          ({ id, port, zone, state }) => ({
            Target: {
              Id: id,
              Port: port,
              ...(zone === undefined ? {} : { AvailabilityZone: zone }),
            },
            TargetHealth: { State: state ?? 'healthy' },
          }),
        ),
      }));
    loadBalancingV2
      .on(DeregisterTargetsCommand)
      .callsFake(async (input: DeregisterTargetsCommandInput) => this.#deregister(input, drains));
    loadBalancing
      .on(DescribeLoadBalancersCommand)
      .callsFake(async (input: DescribeLoadBalancersCommandInput) =>
        this.#describeClassic(input, pageSize),
      );
    loadBalancing
      .on(DeregisterInstancesFromLoadBalancerCommand)
      .callsFake(async (input: DeregisterInstancesFromLoadBalancerCommandInput) => {
        const gone = input.Instances?.map((one) => one.InstanceId);
        const ids = this.#classic.get(input.LoadBalancerName ?? '') ?? [];
        this.#classic.set(
          input.LoadBalancerName ?? '',
          ids.filter((id) => !gone?.includes(id)),
        );
        return {};
      });
  }

  /** `web i-…:80 healthy`, one line per registration that is left. */
  get registered(): string[] {
    return [...this.#targets].flatMap(([arn, targets]) =>
      targets
        .filter(({ state }) => state !== 'draining')
        .map(({ id, port }) => `${arn.split('/')[1]} ${id}:${port}`),
    );
  }

  /** Somebody registers a target. */
  register(group: string, target: FakeTarget): void {
    this.#in(targetGroupArn(group)).push(target);
  }

  instancesOf(loadBalancer: string): readonly string[] {
    return this.#classic.get(loadBalancer) ?? [];
  }

  #in(arn: string | undefined): FakeTarget[] {
    const targets = this.#targets.get(arn ?? '');
    if (targets === undefined) throw awsError('TargetGroupNotFoundException');
    return targets;
  }

  /** A target is named by id, port and zone: without one of them another registration is meant. */
  #deregister(
    { TargetGroupArn, Targets }: DeregisterTargetsCommandInput,
    drains: boolean,
  ): unknown {
    const targets = this.#in(TargetGroupArn);
    const isMeant = (one: FakeTarget) =>
      Targets?.some(
        ({ Id, Port, AvailabilityZone }) =>
          Id === one.id && Port === one.port && AvailabilityZone === one.zone,
      );
    this.#targets.set(
      TargetGroupArn ?? '',
      targets.flatMap((one) => {
        if (isMeant(one) !== true) return [one];
        return drains ? [{ ...one, state: 'draining' }] : [];
      }),
    );
    return {};
  }

  #describeClassic(
    { LoadBalancerNames, Marker }: DescribeLoadBalancersCommandInput,
    pageSize: number,
  ): unknown {
    for (const name of LoadBalancerNames ?? []) {
      if (!this.#classic.has(name)) throw awsError('AccessPointNotFoundException');
    }
    const all = [...this.#classic].filter(([name]) => LoadBalancerNames?.includes(name) ?? true);
    const from = Number(Marker ?? 0);
    return {
      LoadBalancerDescriptions: all.slice(from, from + pageSize).map(([name, ids]) => ({
        LoadBalancerName: name,
        Instances: ids.map((InstanceId) => ({ InstanceId })),
      })),
      ...(all.length > from + pageSize ? { NextMarker: String(from + pageSize) } : {}),
    };
  }
}
