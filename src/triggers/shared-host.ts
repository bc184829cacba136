import type { Instance } from '../case/before.ts';
import { cniInterfaces } from '../case/container-network.ts';
import type { NamedInstance } from './containment-request.ts';

/** Tags that only AWS writes: nobody gets rid of a containment by them. */
const ofAws = /^aws:(?:eks|ecs):/;

/** Tags of cluster nodes, which whoever may tag can write. */
const ofNodes = /^(?:kubernetes\.io\/cluster\/|eks:|karpenter\.sh\/|AmazonECSManaged$)/;

/** What the tags of an instance say about other workloads on it; undefined where they say nothing. */
export const sharedByTags = (
  tags: Readonly<Record<string, string>>,
): NamedInstance['sharedHost'] | undefined => {
  const keys = Object.keys(tags);
  const sure = keys.find((key) => ofAws.test(key));
  if (sure !== undefined) return { reason: `its tag ${sure} says so`, forgeable: false };
  const claimed = keys.find((key) => ofNodes.test(key));
  return claimed === undefined
    ? undefined
    : { reason: 'a tag of cluster nodes says so', forgeable: true };
};

/**
 * What EC2 shows of other workloads on an instance: its tags, the interfaces of pods and tasks, and
 * whether it forwards the traffic of others. Whoever may change the instance could have made it look so,
 * but for the tags that only AWS writes.
 */
export const sharedAsFound = (instance: Instance): NamedInstance['sharedHost'] | undefined => {
  const byTags = sharedByTags(instance.tags);
  if (byTags !== undefined) return byTags;
  const [carrying] = cniInterfaces(instance);
  if (carrying !== undefined) {
    return { reason: `its interface ${carrying} is one of pods or tasks`, forgeable: true };
  }
  return instance.forwardsTraffic === true
    ? {
        reason:
          'it forwards the traffic of others (its source/destination check is off), as a NAT instance or a firewall does',
        forgeable: true,
      }
    : undefined;
};
