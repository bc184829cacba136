import { CreateSnapshotCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { inWords, isUnavailable } from '../../../aws/errors.ts';
import { readTaggedSnapshots } from '../../../aws/snapshots.ts';
import { toTags } from '../../../aws/tags.ts';
import { defined } from '../../../case/defined.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { lockSnapshot, readLocks } from '../../snapshots/lock.ts';
import type { Standing } from '../../snapshots/standing.ts';
import { nothing, trouble } from '../../snapshots/standing.ts';
import type { Stage, StageDeps, Work } from '../work.ts';
import { lookAgain, onTo, pauseAfter, tagsOf } from '../work.ts';

/** Two days, in looks of a minute at first and of five minutes then. */
const mostLooks = 610;

/** How much the clock here and EC2's may differ, in milliseconds. */
const clockSkew = 15_000;

/** One of this very volume, that an earlier call has begun. */
const findTaken = async ({ clients }: StageDeps, work: Work): Promise<string | undefined> => {
  const tags = tagsOf(work.origin, 'image');
  const found = await readTaggedSnapshots(
    clients.ec2,
    'cordon:memory',
    tags['cordon:memory'] ?? '',
  );
  const since = Date.parse(work.detachedAt ?? '') - clockSkew;
  return found.find(
    ({ volumeId, startedAt }) =>
      volumeId === work.imageVolumeId &&
      // One that somebody took while the volume was blank would be rejected, and the image deleted.
      (startedAt?.getTime() ?? 0) >= (Number.isNaN(since) ? 0 : since),
  )?.snapshotId;
};

/** Tried once: CreateSnapshot takes no client token. */
const take = async ({ clients }: StageDeps, { origin, imageVolumeId }: Work): Promise<string> => {
  const { SnapshotId } = await clients.ec2SingleAttempt.send(
    new CreateSnapshotCommand({
      VolumeId: imageVolumeId,
      Description: `Memory of ${origin.instanceId}, case ${origin.caseId}`,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: toTags(tagsOf(origin, 'image')) }],
    }),
  );
  if (SnapshotId !== undefined) return SnapshotId;
  throw new EvidenceNotCollectedError('EC2 took a snapshot and did not say which.');
};

/** Takes the snapshot of the image's volume, and waits for it. */
export const snapshot: Stage = async (deps, _, work) => {
  const snapshotId = work.snapshotId ?? (await findTaken(deps, work)) ?? (await take(deps, work));
  const taken = { ...work, snapshotId };
  const { Snapshots } = await deps.clients.ec2.send(
    new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }),
  );
  const state = Snapshots?.[0]?.State;
  if (state === 'completed') return onTo('lock', taken, `The snapshot ${snapshotId} is complete.`);
  if (state === 'error' || work.looks >= mostLooks) {
    throw new EvidenceNotCollectedError(`The snapshot ${snapshotId} of the image is ${state}.`);
  }
  return lookAgain(
    taken,
    pauseAfter(work, 60, 300),
    `The snapshot ${snapshotId} of the image is being taken.`,
  );
};

/** Locks it as the stack locks snapshots, and never weakens a lock that it has. */
const lockAsWished = async (deps: StageDeps, snapshotId: string): Promise<Standing> => {
  if (deps.settings.snapshotLock === 'none') return nothing;
  try {
    const locks = await readLocks(deps.clients.ec2, [snapshotId]);
    return await lockSnapshot(deps, snapshotId, locks.get(snapshotId), true);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return trouble(`it is not known how ${snapshotId} is locked (${inWords(error)})`);
  }
};

/** Locks the snapshot. Whatever is refused keeps nothing from being hashed and judged. */
export const lock: Stage = async (deps, _, work) => {
  const { done, troubles, waits } = await lockAsWished(deps, work.snapshotId ?? '');
  if (waits.length > 0) return lookAgain(work, 60, waits.join('; '));
  const [locked] = done;
  const [unlocked] = troubles;
  const sentence = unlocked ?? locked ?? 'Snapshots are not locked.';
  return onTo('hash', { ...work, ...defined({ locked, unlocked }) }, sentence);
};
