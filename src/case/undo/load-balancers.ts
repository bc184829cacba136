import type { Registration } from '../before.ts';
import { command } from '../command.ts';
import type { UndoKnowledge } from './knowledge.ts';

const keyOf = ({ targetGroupArn, targetId, port }: Registration): string =>
  [targetGroupArn, targetId, port].join(' ');

/** What somebody registered by hand is registered again; attaching restores what the group did. */
export const balancingCommands = ({
  region,
  instanceId,
  former,
  now,
}: UndoKnowledge): readonly string[] => {
  const registered = new Set((now.registered ?? []).map(keyOf));
  const ofTheGroup = new Set(former.membership?.loadBalancerNames ?? []);
  const classic = new Set(now.loadBalancers ?? []);
  return [
    ...former.targets
      .filter((target) => !target.viaAutoScaling && !registered.has(keyOf(target)))
      .map(({ targetGroupArn, targetId, port, zone }) => {
        const zoned = zone === undefined ? '' : `,AvailabilityZone=${zone}`;
        return command([
          ...['aws', 'elbv2', 'register-targets', '--region', region],
          ...['--target-group-arn', targetGroupArn],
          ...['--targets', `Id=${targetId},Port=${port}${zoned}`],
        ]);
      })
      .toSorted(),
    ...former.loadBalancers
      .filter((name) => !ofTheGroup.has(name) && !classic.has(name))
      .map((name) =>
        command([
          ...['aws', 'elb', 'register-instances-with-load-balancer', '--region', region],
          ...['--load-balancer-name', name, '--instances', instanceId],
        ]),
      )
      .toSorted(),
  ];
};
