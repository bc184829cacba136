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
