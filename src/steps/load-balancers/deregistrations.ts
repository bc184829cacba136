import { DeregisterInstancesFromLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Change } from '../../aws/change.ts';
import type { Deps } from '../../aws/clients.ts';
import { codeOf } from '../../aws/errors.ts';
import type { TargetRegistration } from '../../case/before.ts';
import { defined } from '../../case/defined.ts';

export const deregisterTarget = (
  { clients }: Deps<'loadBalancingV2' | 'loadBalancing'>,
  { targetGroupArn, targetId, port, zone }: TargetRegistration,
): Change => ({
  call: 'elasticloadbalancing:DeregisterTargets',
  resource: `${targetGroupArn} ${targetId}:${port}`,
  send: () =>
    clients.loadBalancingV2.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: targetGroupArn,
        // The port always: without it only the registration on the default port would go.
        Targets: [{ Id: targetId, Port: port, ...defined({ AvailabilityZone: zone }) }],
      }),
    ),
});

export const deregisterInstance = (
  { clients }: Deps<'loadBalancingV2' | 'loadBalancing'>,
  name: string,
  instanceId: string,
): Change => ({
  call: 'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
  resource: name,
  send: () =>
    clients.loadBalancing.send(
      new DeregisterInstancesFromLoadBalancerCommand({
        LoadBalancerName: name,
        Instances: [{ InstanceId: instanceId }],
      }),
    ),
});

/** The group or the registration went while we looked: nothing is left to do. */
const isGone = (error: unknown): boolean =>
  /^(?:TargetGroupNotFound|InvalidTarget|AccessPointNotFound|LoadBalancerNotFound|InvalidInstance|InvalidEndPoint)/.test(
    codeOf(error),
  );

export const make = async (change: Change): Promise<void> => {
  try {
    await change.send(false);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};
