import { codeOf, isUnavailable } from '../../aws/errors.ts';
import type { Before } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { SnapshotRecord } from '../../case/details.ts';
import type { SnapshotDeps } from './find.ts';
import { findAfterLostAnswer, findTaken } from './find.ts';

/** AWS takes two snapshots of one volume no closer than 15 seconds; a backup may be first. */
const betweenSnapshots = 15_000;

const attempts = 3;

/**
 * Takes snapshots of these volumes by one call. After a throttled call or a lost answer it looks for
 * snapshots with the tags of this call, and repeats the call if there are none.
 *
 * @throws what EC2 answered last.
 */
export const tryTaking = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
  volumeIds: readonly string[],
  call: () => Promise<readonly SnapshotRecord[]>,
): Promise<readonly SnapshotRecord[]> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const tooSoon = codeOf(error) === 'SnapshotCreationPerVolumeRateExceeded';
      if (!tooSoon && !isUnavailable(error)) throw error;
      const found = tooSoon
        ? undefined
        : await findAfterLostAnswer(deps, theCase, before, volumeIds);
      if (found !== undefined) return found;
      if (attempt >= attempts) throw error;
      if (!tooSoon) continue;
      await deps.clock.sleep(betweenSnapshots);
      // A parallel run of Cordon, and no backup, may have taken them: one set is enough.
      const taken = await findTaken(deps, theCase, before);
      const wanted = taken.filter(({ volumeId }) => volumeIds.includes(volumeId));
      if (wanted.length === volumeIds.length) return wanted;
    }
  }
};
