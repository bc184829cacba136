import { asCordonError } from '../../aws/errors.ts';
import { readClassicLoadBalancers } from '../../aws/load-balancers.ts';
import { sweep } from '../../aws/sweep.ts';
import type { Deregistering } from './deregistering.ts';
import { make } from './deregistering.ts';
import { deregisterInstance } from './plan.ts';

/**
 * Takes the instance out of every classic load balancer of the Region.
 *
 * @returns the names of those with which somebody had registered it by hand.
 */
export const leaveClassicLoadBalancers = async (one: Deregistering): Promise<readonly string[]> => {
  const { deps, input, memory, own, findings } = one;
  const { case: theCase, before } = input;
  const names = await readClassicLoadBalancers(deps.clients.loadBalancing, before.instance.id);
  deps.log.info('before deregister', { caseId: theCase.caseId, loadBalancers: names });
  const byHand = names.filter((name) => !own.names.has(name));
  const changes = names.map((name) => deregisterInstance(deps, theCase, name));
  findings.changes.push(...changes);
  if (theCase.dryRun) return byHand;
  await Promise.all(byHand.map((name) => memory.keep(name)));
  const failures = await sweep(changes, (change) => make(one, change));
  findings.complaints.push(
    ...failures.map(({ item, error }) => asCordonError(error, item.resource)),
  );
  return byHand;
};
