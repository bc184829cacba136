import type { EC2Client, LockedSnapshotsInfo } from '@aws-sdk/client-ec2';
import { DescribeLockedSnapshotsCommand, LockSnapshotCommand } from '@aws-sdk/client-ec2';
import { codeOf, inWords, isUnavailable } from '../../aws/errors.ts';
import type { Settings } from '../../settings/settings.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { Standing } from './standing.ts';
import { isDone, nothing, trouble, waits } from './standing.ts';

/** The locks of these snapshots, by id. Those without one are not among them. */
export const readLocks = async (
  ec2: EC2Client,
  snapshotIds: readonly string[],
): Promise<ReadonlyMap<string, LockedSnapshotsInfo>> => {
  if (snapshotIds.length === 0) return new Map();
  const { Snapshots = [] } = await ec2.send(
    new DescribeLockedSnapshotsCommand({ SnapshotIds: [...snapshotIds] }),
  );
  return new Map(Snapshots.map((one) => [one.SnapshotId ?? '', one]));
};

/** What to ask for, so that a lock becomes as the settings say and never weaker or shorter than it is. */
export interface Wish {
  readonly mode: 'governance' | 'compliance';
  readonly days: number;
}

const dayMilliseconds = 24 * 3_600_000;

/** The longest that EC2 takes. */
const mostDays = 36_500;

/**
 * What is left to ask for; undefined where the lock is as strict and as long already. How long it lasts is
 * judged by the days that it was given: a second run must not prolong what the first has asked for.
 */
export const wishOf = (
  lock: LockedSnapshotsInfo | undefined,
  { snapshotLock, snapshotLockDays }: Pick<Settings, 'snapshotLock' | 'snapshotLockDays'>,
  now: Date,
): Wish | undefined => {
  if (snapshotLock === 'none') return undefined;
  const state = lock?.LockState ?? 'expired';
  if (state === 'expired') return { mode: snapshotLock, days: snapshotLockDays };
  const left = ((lock?.LockExpiresOn?.getTime() ?? 0) - now.getTime()) / dayMilliseconds;
  const isLong = (lock?.LockDuration ?? 0) >= snapshotLockDays || left >= snapshotLockDays;
  const isCompliance = state !== 'governance';
  const isStrict = isCompliance || snapshotLock === 'governance';
  if (isStrict && isLong) return undefined;
  return {
    mode: isCompliance ? 'compliance' : snapshotLock,
    days: Math.min(mostDays, Math.max(snapshotLockDays, Math.ceil(left))),
  };
};

const until = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? 'unknown';

const sendLock = async (
  { clients, store }: EvidenceDeps,
  snapshotId: string,
  { mode, days }: Wish,
): Promise<Standing> => {
  // No cooling-off period: it would let an intruder with rights unlock in the very hours that count
  // (https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-concepts.html).
  const { LockExpiresOn } = await clients.ec2.send(
    new LockSnapshotCommand({ SnapshotId: snapshotId, LockMode: mode, LockDuration: days }),
  );
  const words = `locked (${mode}) until ${until(LockExpiresOn)}`;
  await store.hand({ what: 'locked', piece: snapshotId, detail: words });
  return isDone(words);
};

/**
 * Locks a completed snapshot as the settings say, and never weakens a lock that it has.
 *
 * @param isFirst whether this collection handles it for the first time, and has to say that it was locked.
 * @throws what EC2 answers when the call is worth repeating.
 */
export const lockSnapshot = async (
  deps: EvidenceDeps,
  snapshotId: string,
  lock: LockedSnapshotsInfo | undefined,
  isFirst: boolean,
): Promise<Standing> => {
  const { settings, clock, store } = deps;
  if (settings.snapshotLock === 'none') return nothing;
  const wish = wishOf(lock, settings, clock.now());
  if (wish === undefined) {
    const words = `locked (${lock?.LockState}) until ${until(lock?.LockExpiresOn)}`;
    if (isFirst) await store.hand({ what: 'locked', piece: snapshotId, detail: `found ${words}` });
    return isDone(words);
  }
  try {
    return await sendLock(deps, snapshotId, wish);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (codeOf(error) === 'IncorrectState') return waits(`EC2 does not lock ${snapshotId} yet`);
    return trouble(
      `${snapshotId} is not locked (${inWords(error)}): lock it by hand with aws ec2 lock-snapshot, or allow the function to and contain again`,
    );
  }
};
