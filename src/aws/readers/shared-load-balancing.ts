import { inTurns } from '../turns.ts';
import type { LoadBalancingReader } from './reader.ts';
import { sharedOnce, sharedReading } from './shared-reading.ts';

/** Calls at once for all cases together: as many as one sweep makes, see `sweep`. */
const width = 10;

/**
 * The load balancers of the Region, read once for all cases: the first case that needs a target
 * group reads it. A group that could not be read is read again by the next case that needs it, so
 * that a refused call makes one case doubtful and not all of them.
 *
 * @param begunAt now, in ISO 8601.
 */
export const sharedLoadBalancing = (
  live: LoadBalancingReader,
  begunAt: string,
): LoadBalancingReader => {
  const turn = inTurns(width);
  return {
    begunAt,
    targetGroups: sharedOnce(() => live.targetGroups()),
    targets: sharedReading((arn) => turn(() => live.targets(arn))),
    classicLoadBalancers: sharedOnce(() => live.classicLoadBalancers()),
  };
};
