import {
  CreateSnapshotCommand,
  DescribeSnapshotsCommand,
  LockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { inWords, isUnavailable } from '../../../aws/errors.ts';
import { readTaggedSnapshots } from '../../../aws/snapshots.ts';
import { toTags } from '../../../aws/tags.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
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

const sendLock = async (
  { clients, settings, store }: StageDeps,
  work: Work,
): Promise<Pick<Work, 'lockedUntil'>> => {
  const { LockExpiresOn } = await clients.ec2.send(
    new LockSnapshotCommand({
      SnapshotId: work.snapshotId,
      LockMode: settings.snapshotLock === 'compliance' ? 'compliance' : 'governance',
      LockDuration: settings.snapshotLockDays,
    }),
  );
  const lockedUntil = LockExpiresOn?.toISOString() ?? 'an unknown time';
  const detail = `${settings.snapshotLock} until ${lockedUntil}`;
  await store.hand({ what: 'locked', piece: `memory/${work.snapshotId}`, detail });
  return { lockedUntil };
};

/** Locks it as the stack locks snapshots. A lock that is refused keeps nothing from being hashed and judged. */
export const lock: Stage = async (deps, _, work) => {
  if (deps.settings.snapshotLock === 'none') return onTo('hash', work, 'Snapshots are not locked.');
  try {
    const locked = await sendLock(deps, work);
    const words = `The snapshot is locked until ${locked.lockedUntil}.`;
    return onTo('hash', { ...work, ...locked }, words);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    const unlocked = inWords(error);
    return onTo('hash', { ...work, unlocked }, `The snapshot could not be locked: ${unlocked}`);
  }
};
