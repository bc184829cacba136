import type { Deps } from '../clients.ts';
import { batchAutoScalingReader } from './batch-auto-scaling-reader.ts';
import { batchEc2Reader } from './batch-ec2-reader.ts';
import { liveReader } from './live-reader.ts';
import { pacedProtection } from './paced-protection.ts';
import type { Reader } from './reader.ts';
import { sharedLoadBalancing } from './shared-load-balancing.ts';

/** What many cases are read back from in one check. */
export interface CheckReaders {
  /** What was read of all of them together; nothing may be changed because of it. */
  readonly together: Reader;
  /** Asks EC2 and Auto Scaling each time; the load balancers are those of `together`. */
  readonly afresh: Reader;
}

/**
 * Reads many cases together: load balancers once for all, what hangs on an instance in batches.
 * Never throws: what could not be read is read again by the case that needs it.
 */
export const readTogether = async (
  deps: Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>,
  instanceIds: readonly string[],
): Promise<CheckReaders> => {
  const protectionOf = pacedProtection(deps);
  const live = liveReader(deps.clients, protectionOf);
  const begunAt = deps.clock.now().toISOString();
  const [ec2, autoScaling] = await Promise.all([
    batchEc2Reader(deps, live.ec2, instanceIds, { begunAt, protectionOf }),
    batchAutoScalingReader(deps, live.autoScaling, instanceIds, begunAt),
  ]);
  const loadBalancing = sharedLoadBalancing(live.loadBalancing, begunAt);
  return { together: { ec2, autoScaling, loadBalancing }, afresh: { ...live, loadBalancing } };
};
