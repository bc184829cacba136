import { unwrapMachineEvent } from '../functions/standalone-event.ts';
import { findReleasable } from './find-released.ts';
import { namedGroups, rehearseRelease, release } from './release.ts';
import type { ReleaseDeps } from './release-deps.ts';
import { parseReleaseEvent } from './release-event.ts';
import { planRelease } from './release-plan.ts';
import type { ReleaseResult } from './release-result.ts';
import { requireTrust } from './require-trust.ts';

/**
 * Gives an instance back as an event asks, alone or from the state machine. What a person decides at
 * the keyboard stands in the event; nothing is asked.
 *
 * @throws UnintelligibleEventError for an event of another form.
 * @throws ReleaseRefusedError when a person has to look at the trail first.
 * @throws InstanceNotFoundError when EC2 does not know the instance.
 */
export const releaseByEvent = async (
  deps: ReleaseDeps,
  region: string,
  event: unknown,
): Promise<ReleaseResult> => {
  const { subject, request, trust, dryRun } = parseReleaseEvent(unwrapMachineEvent(event).input);
  const releasable = await findReleasable(deps, subject, region, namedGroups(request));
  requireTrust(releasable, trust);
  const plan = planRelease(releasable.knowledge, releasable.existing, request);
  if (dryRun) return rehearseRelease(releasable, plan, request);
  return release(deps, releasable, plan, request, ({ resource, what }) =>
    deps.log.info('given back', { resource, what }),
  );
};
