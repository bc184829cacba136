import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { codeOf, inWords } from '../../aws/errors.ts';
import { quoted } from '../../case/quoted.ts';
import type { Piece } from '../../record/evidence-store/piece.ts';
import type { PieceState, VerifyPiece } from '../verifier.ts';
import { readLocks } from './lock.ts';
import { readSharedWith } from './share.ts';

type VerifyDeps = Deps<'ec2'>;

const isGoneCode = (code: string): boolean => code === 'InvalidSnapshot.NotFound';

const isLocked = (state: string | undefined): boolean => state !== undefined && state !== 'expired';

/**
 * What it should be: as the stack says, where its settings are at hand, and as the piece says of the moment at
 * which it was recorded.
 */
const wantedOf = ({ settings }: VerifyDeps, { note = '' }: Piece) => ({
  locked: settings.snapshotLock !== 'none' || /\blocked \(/.test(note),
  accounts: [settings.forensicAccountId, /\bshared with (\d{12})\b/.exec(note)?.[1]],
});

const readAll = async (deps: VerifyDeps, id: string, piece: Piece): Promise<PieceState> => {
  const { clients } = deps;
  const wanted = wantedOf(deps, piece);
  const { Snapshots: [found] = [] } = await clients.ec2.send(
    new DescribeSnapshotsCommand({ SnapshotIds: [id] }),
  );
  const [locks, sharedWith] = await Promise.all([
    readLocks(clients.ec2, [id]),
    readSharedWith(clients.ec2, id),
  ]);
  const lock = locks.get(id);
  const strangers = sharedWith.filter((who) => !wanted.accounts.includes(who));
  const isAsLocked = !wanted.locked || isLocked(lock?.LockState);
  return {
    holds: found?.State === 'completed' && isAsLocked && strangers.length === 0,
    observed: [
      `state ${found?.State ?? 'unknown'}`,
      isLocked(lock?.LockState)
        ? `locked (${lock?.LockState}) until ${lock?.LockExpiresOn?.toISOString() ?? 'unknown'}`
        : 'not locked',
      sharedWith.length === 0 ? 'shared with nobody' : `shared with ${sharedWith.join(', ')}`,
    ].join(', '),
  };
};

/**
 * Whether a snapshot of a case is still there, completed, locked where the stack locks, and shared with nobody
 * but the examiners' account.
 */
export const verifySnapshot: VerifyPiece = async (deps, piece) => {
  const { resource = '' } = piece;
  if (!/^snap-[0-9a-f]{8,17}$/.test(resource)) {
    return { holds: false, observed: `${quoted(resource)} is no snapshot` };
  }
  try {
    return await readAll(deps, resource, piece);
  } catch (error) {
    if (isGoneCode(codeOf(error))) {
      return { holds: false, observed: `EC2 does not know ${resource}: somebody deleted it` };
    }
    return { holds: 'unknown', observed: inWords(error) };
  }
};
