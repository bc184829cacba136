import { DeregisterInstancesFromLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deps } from '../../aws/clients.ts';
import { codeOf } from '../../aws/errors.ts';
import type { TargetRegistration } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { Change } from '../../engine/change.ts';
import { registerInstance, registerTarget } from './give-back.ts';

type BalancingDeps = Deps<'loadBalancingV2' | 'loadBalancing'>;

/** The group or the registration went while we looked: nothing is left to do. */
const meaning = (error: unknown): 'already' | undefined =>
  /^(?:TargetGroupNotFound|InvalidTarget|AccessPointNotFound|LoadBalancerNotFound|InvalidInstance|InvalidEndPoint)/.test(
    codeOf(error),
  )
    ? 'already'
    : undefined;

/** One registration with a target group; attaching the instance restores what its group made. */
export const deregisterTarget = (
  { clients }: BalancingDeps,
  { region }: Case,
  registration: TargetRegistration,
): Change => {
  const { targetGroupArn, targetId, port, zone } = registration;
  return {
    call: 'elasticloadbalancing:DeregisterTargets',
    resource: `${targetGroupArn} ${targetId}:${port}`,
    before: 'registered',
    after: 'deregistered',
    inverse: registration.viaAutoScaling ? [] : [registerTarget(region, registration)],
    meaning,
    send: () =>
      clients.loadBalancingV2.send(
        new DeregisterTargetsCommand({
          TargetGroupArn: targetGroupArn,
          // The port always: without it only the registration on the default port would go.
          Targets: [{ Id: targetId, Port: port, ...defined({ AvailabilityZone: zone }) }],
        }),
      ),
  };
};

/** The registration with a classic load balancer. */
export const deregisterInstance = (
  { clients }: BalancingDeps,
  { region, instanceId }: Case,
  name: string,
): Change => ({
  call: 'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
  resource: name,
  before: 'registered',
  after: 'deregistered',
  inverse: [registerInstance(region, name, instanceId)],
  meaning,
  send: () =>
    clients.loadBalancing.send(
      new DeregisterInstancesFromLoadBalancerCommand({
        LoadBalancerName: name,
        Instances: [{ InstanceId: instanceId }],
      }),
    ),
});
