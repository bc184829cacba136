import { movableInterfaces } from '../case/before.ts';
import { caseBegan } from '../case/case.ts';
import type { FoundCase } from '../find-case.ts';
import { statusTag } from '../record/trail/keys.ts';
import { taggedCaseId } from '../record/trail/tagged-case.ts';
import type { RecordedCall } from './event.ts';
import { isBeingContained, longestCase } from './evidence.ts';
import { isInTransition, openInterfaces } from './interfaces.ts';
import type { DriftDeps } from './result.ts';

/**
 * A case that is just being contained, as its trail says: it is open, and no interface is isolated
 * yet. To cut in would be to open again what the case has just closed. Whoever forges such a trail
 * is told of by the recorded call.
 */
const isUnderWay = ({ clock }: DriftDeps, found: FoundCase): boolean => {
  const { instance } = found.before;
  const now = clock.now();
  // Only an id that can be a case of this very instance: another's, or one to come, would hide it.
  const began = caseBegan(taggedCaseId(instance, now) ?? '');
  return (
    instance.tags[statusTag] === 'running' &&
    began !== undefined &&
    now.getTime() - began.getTime() < longestCase &&
    openInterfaces(found).length === movableInterfaces(instance).length
  );
};

/**
 * Whether what is open is left to the case that is at work on it. An interface that is in transition
 * only is the business of the watch over transition groups, which gives a case its time.
 */
export const isLeftToItsCase = async (
  deps: DriftDeps,
  found: FoundCase,
  call: RecordedCall | undefined,
): Promise<boolean> => {
  const open = openInterfaces(found);
  if (open.length === 0) return false;
  if (call === undefined) {
    if (isUnderWay(deps, found)) return true;
    if (open.every((one) => isInTransition(found, one))) return true;
  }
  return isBeingContained(deps, found.case.instanceId);
};
