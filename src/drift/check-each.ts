import { inWords } from '../aws/errors.ts';
import { InstanceNotFoundError, NotificationRefusedError } from '../case/errors.ts';
import { checkInstance, isolating } from './check-instance.ts';
import type { RecordedCall } from './event.ts';
import type { CheckedInstance, DriftDeps, DriftResult } from './result.ts';
import { tell } from './tell.ts';

/** One instance that cannot be checked does not keep the others, and is told. */
export const checkEach = async (
  deps: DriftDeps,
  instanceIds: readonly string[],
  call?: RecordedCall,
): Promise<DriftResult> => {
  const checked: CheckedInstance[] = [];
  let refused: unknown;
  // One after the other: a sweep over target groups each, at the account's rates.
  for (const instanceId of instanceIds) {
    try {
      checked.push(await checkInstance(deps, instanceId, call));
    } catch (error) {
      if (error instanceof NotificationRefusedError) refused = error;
      const words = inWords(error);
      deps.log.error('a contained instance could not be checked', { instanceId, error: words });
      // What cannot be read does not hold.
      checked.push({ instanceId, drifted: isolating, reisolated: [], told: [], error: words });
      // EC2 tells of instances that are gone by a change of their state.
      if (error instanceof InstanceNotFoundError || refused !== undefined) continue;
      const what = `it could not be read whether the containment holds: ${words}`;
      const at = deps.clock.now().toISOString();
      const { region } = deps;
      try {
        await tell(deps, { kind: 'open-again', instanceId, region, at, what, proof: [] });
      } catch (refusal) {
        refused = refusal;
      }
    }
  }
  if (refused !== undefined) throw refused;
  return { checked };
};
