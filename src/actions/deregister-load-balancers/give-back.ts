import type { Registration } from '../../case/before.ts';
import { command } from '../../case/command.ts';
import { defined } from '../../case/defined.ts';
import type { Inverse } from '../../case/undo/inverse.ts';
import type { UndoKnowledge } from '../../case/undo/knowledge.ts';

const keyOf = ({ targetGroupArn, targetId, port }: Registration): string =>
  [targetGroupArn, targetId, port].join(' ');

const byCommand = (a: Inverse, b: Inverse): number => (a.command < b.command ? -1 : 1);

/** A target as it was registered. */
export const registerTarget = (
  region: string,
  { targetGroupArn, targetId, port, zone }: Registration,
): Inverse => {
  const zoned = zone === undefined ? '' : `,AvailabilityZone=${zone}`;
  return {
    phase: 'load-balancers',
    resource: targetGroupArn,
    what: `not registered → ${targetId}:${port}`,
    call: {
      api: 'elasticloadbalancing:RegisterTargets',
      input: {
        TargetGroupArn: targetGroupArn,
        Targets: [{ Id: targetId, Port: port, ...defined({ AvailabilityZone: zone }) }],
      },
    },
    command: command([
      ...['aws', 'elbv2', 'register-targets', '--region', region],
      ...['--target-group-arn', targetGroupArn],
      ...['--targets', `Id=${targetId},Port=${port}${zoned}`],
    ]),
  };
};

/** The instance with a classic load balancer, as it was. */
export const registerInstance = (region: string, name: string, instanceId: string): Inverse => ({
  phase: 'load-balancers',
  resource: name,
  what: `not registered → ${instanceId}`,
  call: {
    api: 'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
    input: { LoadBalancerName: name, Instances: [{ InstanceId: instanceId }] },
  },
  command: command([
    ...['aws', 'elb', 'register-instances-with-load-balancer', '--region', region],
    ...['--load-balancer-name', name, '--instances', instanceId],
  ]),
});

/** What somebody registered by hand is registered again; attaching restores what the group did. */
export const balancingInverses = ({
  region,
  instanceId,
  former,
  now,
}: UndoKnowledge): readonly Inverse[] => {
  const registered = new Set((now.registered ?? []).map(keyOf));
  const ofTheGroup = new Set(former.membership?.loadBalancerNames ?? []);
  const classic = new Set(now.loadBalancers ?? []);
  return [
    ...former.targets
      .filter((target) => !target.viaAutoScaling && !registered.has(keyOf(target)))
      .map((target) => registerTarget(region, target))
      .toSorted(byCommand),
    ...former.loadBalancers
      .filter((name) => !ofTheGroup.has(name) && !classic.has(name))
      .map((name) => registerInstance(region, name, instanceId))
      .toSorted(byCommand),
  ];
};
