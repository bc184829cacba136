import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { readClassicLoadBalancers, readRegistrations } from '../../aws/load-balancers.ts';
import { sweep } from '../../aws/sweep.ts';
import type { Instance, Membership, TargetRegistration } from '../../case/before.ts';
import type { DetachDetail } from '../../case/details.ts';

/** All at once: an Auto Scaling group has at most 50 target groups, and the detach waits for them. */
const attachmentWidth = 50;

/**
 * Reads the registrations that the group made, before the detach removes them. It names those that
 * cannot be read; attaching the instance again restores these too.
 */
export const readRegistered = async (
  { clients }: Deps<'loadBalancingV2' | 'loadBalancing'>,
  instance: Instance,
  membership: Membership,
): Promise<Pick<DetachDetail, 'targets' | 'loadBalancers' | 'unread'>> => {
  const targets: TargetRegistration[] = [];
  const [failures, loadBalancers] = await Promise.all([
    sweep(
      membership.targetGroupArns,
      async (arn) => {
        targets.push(...(await readRegistrations(clients.loadBalancingV2, arn, instance, true)));
      },
      attachmentWidth,
    ),
    readClassicLoadBalancers(
      clients.loadBalancing,
      instance.id,
      membership.loadBalancerNames,
    ).catch((error: unknown) => error),
  ]);
  const unread = [
    ...failures.map(({ item, error }) => `${item}: ${inWords(error)}`),
    ...(Array.isArray(loadBalancers) ? [] : [inWords(loadBalancers)]),
  ];
  return {
    targets,
    loadBalancers: Array.isArray(loadBalancers) ? loadBalancers : [],
    ...(unread.length === 0 ? {} : { unread: unread.join('; ') }),
  };
};
