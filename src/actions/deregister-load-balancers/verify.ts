import { candidateGroups, classicWith, registrationsAmong } from '../../aws/load-balancers.ts';
import type { LoadBalancingReader } from '../../aws/readers/reader.ts';
import { sweep } from '../../aws/sweep.ts';
import type { Instance, TargetRegistration } from '../../case/before.ts';
import type { Observation } from '../../case/control.ts';
import type { Now } from '../../case/now.ts';
import { isAmbiguousTarget, isLeaving } from '../../case/targets.ts';

const nameOf = ({ targetGroupArn, targetId, port, state }: TargetRegistration): string =>
  `${targetGroupArn.split(':targetgroup/')[1] ?? targetGroupArn} ${targetId}:${port} ${state}`;

/** What still sends traffic to the instance; absent where not everything could be read. */
export type Registered = Pick<Now, 'registered' | 'loadBalancers'>;

/** `targets`: no target group and no classic load balancer sends anything to the instance. */
export const readTargetsControl = async (
  loadBalancing: LoadBalancingReader,
  instance: Instance,
): Promise<{
  readonly observations: readonly Observation[];
  readonly registered: Registered;
}> => {
  const registered: TargetRegistration[] = [];
  const ambiguous: TargetRegistration[] = [];
  const [all, balancers] = await Promise.all([
    loadBalancing.targetGroups(),
    loadBalancing.classicLoadBalancers(),
  ]);
  const groups = candidateGroups(all, instance);
  const classic = classicWith(balancers, instance.id);
  const failures = await sweep(groups, async (group) => {
    const targets = await loadBalancing.targets(group.arn);
    for (const one of registrationsAmong(targets, group.arn, instance, false)) {
      const kept = isAmbiguousTarget(one, group.vpcId, instance) ? ambiguous : registered;
      kept.push(one);
    }
  });
  const staying = registered.filter((one) => !isLeaving(one));
  const draining = registered.length - staying.length;
  const there = [...staying.map(nameOf), ...classic];
  const seen: Registered =
    failures.length === 0 ? { registered: staying, loadBalancers: classic } : {};
  if (there.length > 0) {
    const observed = `registered: ${there.join('; ')}`;
    return { observations: [{ control: 'targets', holds: false, observed }], registered: seen };
  }
  const doubts = [
    ...(failures.length === 0
      ? []
      : [`${failures.length} of ${groups.length} target groups could not be read`]),
    ...(ambiguous.length === 0
      ? []
      : [
          `an address of the instance, which may be another host there, is registered in another VPC: ${ambiguous.map(nameOf).toSorted().join('; ')}`,
        ]),
  ];
  if (doubts.length > 0) {
    const observed = doubts.join('; ');
    return { observations: [{ control: 'targets', holds: 'unknown', observed }], registered: seen };
  }
  const observations: readonly Observation[] = [
    {
      control: 'targets',
      holds: true,
      observed: `in none of ${groups.length} target groups${draining > 0 ? `, ${draining} draining` : ''}, in no classic load balancer`,
    },
  ];
  return { observations, registered: seen };
};
