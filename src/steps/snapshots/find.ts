import type { Deps } from '../../aws/clients.ts';
import type { FoundSnapshot } from '../../aws/snapshots.ts';
import { newestOf, readTaggedSnapshots } from '../../aws/snapshots.ts';
import type { Before } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { SnapshotRecord } from '../../case/details.ts';
import { snapshotsSince } from '../../case/snapshots-since.ts';
import { instanceTag } from '../../record/trail/keys.ts';

/** The one client repeats no call by itself: taking a snapshot has no client token. */
export type SnapshotDeps = Deps<'ec2' | 'ec2SingleAttempt'>;

export const toRecords = (
  found: readonly Pick<FoundSnapshot, 'snapshotId' | 'volumeId'>[],
  before: Before,
): readonly SnapshotRecord[] =>
  found.map(({ snapshotId, volumeId }) => {
    const device = before.instance.volumes.find((volume) => volume.id === volumeId)?.device;
    return { snapshotId, volumeId, ...defined({ device }) };
  });

/**
 * The snapshots of this case, the newest of each volume that has one. Tags can be written by anybody
 * who may tag, so a snapshot counts only if AWS says that it was begun in the case.
 */
export const findTaken = async (
  { clients }: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<readonly SnapshotRecord[]> => {
  // Searched by the instance: a parallel run that began in the ten minutes before has another case id.
  const found = await readTaggedSnapshots(clients.ec2, instanceTag, theCase.instanceId);
  const since = snapshotsSince(theCase.caseId, new Date(before.readAt));
  const volumeIds = before.instance.volumes.map((volume) => volume.id);
  return toRecords(newestOf(found, volumeIds, since), before);
};

/** How long a snapshot that was made may stay invisible, in milliseconds between two looks. */
const lookWaits = [0, 1_000, 2_000, 4_000] as const;

/**
 * What a call whose answer was lost has taken: of these volumes all, or nothing yet. To be asked
 * before anything is repeated.
 */
export const findAfterLostAnswer = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
  volumeIds: readonly string[],
): Promise<readonly SnapshotRecord[] | undefined> => {
  for (const milliseconds of lookWaits) {
    if (milliseconds > 0) await deps.clock.sleep(milliseconds);
    const taken = await findTaken(deps, theCase, before);
    const wanted = taken.filter(({ volumeId }) => volumeIds.includes(volumeId));
    if (wanted.length === volumeIds.length) return wanted;
  }
  return undefined;
};
