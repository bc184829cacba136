import type { LockedSnapshotsInfo } from '@aws-sdk/client-ec2';
import { inWords, isUnavailable } from '../../aws/errors.ts';
import { quoted } from '../../case/quoted.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { CaseSnapshot } from './case-snapshot.ts';
import { inShort } from './case-snapshot.ts';
import { beginCopy } from './copy.ts';
import { snapshotsKind } from './kind.ts';
import { lockSnapshot } from './lock.ts';
import { shareSnapshot } from './share.ts';
import type { Standing } from './standing.ts';
import { isDone, nothing, together, trouble, waits } from './standing.ts';

/** A snapshot of the case, with what EC2 knows beside. */
export interface Found {
  readonly snapshot: CaseSnapshot;
  /** Its copy under the examiners' key. */
  readonly copy: CaseSnapshot | undefined;
  readonly locks: ReadonlyMap<string, LockedSnapshotsInfo>;
}

const collectorName = snapshotsKind.name;

/** One that is not completed, in words; undefined for one that is. */
const unfinished = (one: CaseSnapshot, what: string): Standing | undefined => {
  const { snapshotId, state, progress, stateMessage } = one;
  if (state === 'completed') return undefined;
  if (state === 'pending') return waits(`${snapshotId} is at ${progress || 'its beginning'}`);
  const why = stateMessage === '' ? '' : ` (${quoted(stateMessage)})`;
  return trouble(
    `${snapshotId}, ${what}, is in state ${quoted(state, 40)}${why} and holds nothing to rely on`,
  );
};

/** Puts a completed snapshot on record, when what had to be done to it was tried. */
const note = async (
  { store }: EvidenceDeps,
  snapshot: CaseSnapshot,
  what: string,
  how: string,
  { done }: Standing,
): Promise<void> => {
  await store.note({
    collector: collectorName,
    name: snapshot.snapshotId,
    what,
    how,
    resource: snapshot.snapshotId,
    note: [inShort(snapshot), `begun ${snapshot.startedAt.toISOString()}`, ...done].join(', '),
  });
};

const sharing = async (
  deps: EvidenceDeps,
  snapshot: CaseSnapshot,
  isFirst: boolean,
): Promise<Standing | undefined> => {
  try {
    return await shareSnapshot(deps, snapshot, isFirst);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return trouble(
      `${snapshot.snapshotId} is not shared with ${deps.settings.forensicAccountId} (${inWords(error)}): share it by hand with aws ec2 modify-snapshot-attribute`,
    );
  }
};

const withName = ({ snapshotId }: CaseSnapshot, about: string, one: Standing): Standing => ({
  ...one,
  done: one.done.length === 0 ? [] : [`${snapshotId} ${about}: ${one.done.join(', ')}`],
});

const secureCopy = async (
  deps: EvidenceDeps,
  { snapshot, locks }: Found,
  copy: CaseSnapshot,
): Promise<Standing> => {
  const what = `the copy of ${snapshot.snapshotId}`;
  const standing = unfinished(copy, what);
  if (standing !== undefined) return standing;
  const isFirst = (await deps.store.find(collectorName, copy.snapshotId)) === undefined;
  const { snapshotId } = copy;
  const secured = together([
    await lockSnapshot(deps, snapshotId, locks.get(snapshotId), isFirst),
    (await sharing(deps, copy, isFirst)) ?? trouble(`EC2 lets nobody share ${snapshotId}`),
  ]);
  await note(
    deps,
    copy,
    `Copy of ${snapshot.snapshotId} for the examiners`,
    `ec2:CopySnapshot SourceSnapshotId=${snapshot.snapshotId} KmsKeyId=${copy.keyArn}`,
    secured,
  );
  return withName(copy, `(${what}, under ${copy.keyArn})`, secured);
};

/** What cannot be shared is copied, where there is a key for it. */
const copied = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  found: Found,
): Promise<Standing> => {
  const { snapshot, copy } = found;
  if (deps.settings.forensicKmsKeyArn === '') {
    return trouble(
      `${snapshot.snapshotId} is under the AWS managed key, which EC2 lets nobody share: name a key of your own in ForensicKmsKeyArn, deploy, and contain again`,
    );
  }
  if (copy === undefined) return beginCopy(deps, input, snapshot);
  return secureCopy(deps, found, copy);
};

const isHandedOver = (
  { settings: { forensicAccountId } }: EvidenceDeps,
  { case: { accountId } }: EvidenceInput,
): boolean => forensicAccountId !== '' && forensicAccountId !== accountId;

/** As it is, where EC2 allows that; undefined where a copy is wanted instead. */
const sharedAsItIs = async (
  deps: EvidenceDeps,
  { snapshot, copy }: Found,
  isFirst: boolean,
): Promise<Standing | undefined> => {
  const isToBeEncrypted = !snapshot.encrypted && deps.settings.forensicKmsKeyArn !== '';
  return copy !== undefined || isToBeEncrypted ? undefined : sharing(deps, snapshot, isFirst);
};

/**
 * Locks, records and hands over one snapshot, as far as that can be done at this moment. It may be repeated:
 * what is so already is found.
 *
 * @throws what AWS answers when the call is worth repeating.
 */
export const secure = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  found: Found,
): Promise<Standing> => {
  const { snapshot, locks } = found;
  const { snapshotId, volumeId } = snapshot;
  const standing = unfinished(snapshot, `of ${volumeId}`);
  if (standing !== undefined) return standing;
  const isFirst = (await deps.store.find(collectorName, snapshotId)) === undefined;
  const locked = await lockSnapshot(deps, snapshotId, locks.get(snapshotId), isFirst);
  const goes = isHandedOver(deps, input);
  const shared = goes ? await sharedAsItIs(deps, found, isFirst) : nothing;
  const own = together([locked, shared ?? nothing]);
  await note(deps, snapshot, `Snapshot of ${volumeId}`, `ec2:CreateSnapshots of ${volumeId}`, own);
  const about = `of ${volumeId} (${inShort(snapshot)})`;
  return together([
    withName(snapshot, about, together([isDone('completed'), own])),
    ...(shared === undefined ? [await copied(deps, input, found)] : []),
  ]);
};
