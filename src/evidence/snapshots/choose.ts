import type { CaseSnapshot } from './case-snapshot.ts';

/** Which snapshots are the case's. */
export interface Chosen {
  /** At most one of each volume, in the order of the volumes. */
  readonly snapshots: readonly CaseSnapshot[];
  /** Volumes without one. */
  readonly missing: readonly string[];
  /** Others that bear the tags of the instance and began in the case, by their ids. */
  readonly others: readonly string[];
  /** Chosen before, and not there any more. */
  readonly gone: readonly string[];
}

const isUsable = ({ state }: CaseSnapshot): boolean => state === 'pending' || state === 'completed';

const byStart = (a: CaseSnapshot, b: CaseSnapshot): number =>
  a.startedAt.getTime() - b.startedAt.getTime() || (a.snapshotId < b.snapshotId ? -1 : 1);

/**
 * The snapshot of each volume, among those that bear the tag of the instance. Whoever may tag can have
 * written it, so one counts only if EC2 says that it is of a volume of the instance and began in the case;
 * and of several the first, because the case takes none where there is one: a later one is somebody else's.
 *
 * @param before ids that an earlier look has chosen: these stay.
 */
export const choose = (
  tagged: readonly CaseSnapshot[],
  volumeIds: readonly string[],
  since: Date,
  before: readonly string[],
): Chosen => {
  const candidates = tagged
    .filter((one) => volumeIds.includes(one.volumeId) && one.startedAt >= since)
    .toSorted(byStart);
  const kept = candidates.filter(({ snapshotId }) => before.includes(snapshotId));
  const snapshots = volumeIds.flatMap((volumeId) => {
    const ofVolume = candidates.filter((one) => one.volumeId === volumeId);
    return (
      kept.find((one) => one.volumeId === volumeId) ??
      ofVolume.find(isUsable) ??
      ofVolume.at(0) ??
      []
    );
  });
  const ids = snapshots.map(({ snapshotId }) => snapshotId);
  return {
    snapshots,
    missing: volumeIds.filter((id) => !snapshots.some(({ volumeId }) => volumeId === id)),
    others: candidates.map(({ snapshotId }) => snapshotId).filter((id) => !ids.includes(id)),
    gone: before.filter((id) => !candidates.some(({ snapshotId }) => snapshotId === id)),
  };
};

/**
 * The copy of a snapshot that was made for the examiners: under their key, of the same size, begun after its
 * source. One that failed in an earlier run is no reason not to try again.
 */
export const copyAmong = (
  tagged: readonly CaseSnapshot[],
  source: CaseSnapshot,
  keyArn: string,
  runBegan: Date,
): CaseSnapshot | undefined =>
  tagged
    .filter(
      (one) =>
        one.keyArn === keyArn &&
        one.sizeGib === source.sizeGib &&
        one.startedAt >= source.startedAt &&
        (isUsable(one) || one.startedAt >= runBegan),
    )
    .toSorted((a, b) => Number(isUsable(b)) - Number(isUsable(a)) || byStart(a, b))
    .at(0);
