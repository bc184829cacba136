import { createHash } from 'node:crypto';
import type { FoundSnapshot } from '../../aws/snapshots.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { caseTag, instanceTag } from '../../record/trail/keys.ts';
import { tagValue } from '../../record/trail/tag-value.ts';

/** What marks a volume as one for analysis: its tags, the token of its making, the words of its custody. */

export const roleTag = 'cordon:role';
export const analysisRole = 'analysis';
export const snapshotTag = 'cordon:snapshot';
/** The examiner's instance that a volume was made for. */
export const examinerTag = 'cordon:analysis';

/** On a volume for analysis, at its making. */
export const analysisTags = (
  { caseId, instanceId }: EvidenceCase,
  { snapshotId, volumeId }: Pick<FoundSnapshot, 'snapshotId' | 'volumeId'>,
  examinerId: string,
): Record<string, string> => ({
  [caseTag]: tagValue(caseId),
  [instanceTag]: instanceId,
  [roleTag]: analysisRole,
  [snapshotTag]: snapshotId,
  'cordon:volume': volumeId,
  [examinerTag]: examinerId,
});

/**
 * The client token of the making, at most 64 characters: EC2 makes one volume for it however often it is
 * asked. `generation` counts the volumes that were taken back: EC2 would answer with the deleted one.
 */
export const makingToken = (
  { caseId }: EvidenceCase,
  snapshotId: string,
  examinerId: string,
  generation: number,
): string =>
  createHash('sha256')
    .update([caseId, snapshotId, examinerId, String(generation)].join('\n'))
    .digest('hex');

/** Said before a volume is made: a snapshot that somebody reads is evidence in hand. */
export const announced = (
  snapshotId: string,
  examinerId: string,
): Pick<CustodyEntry, 'what' | 'piece' | 'detail'> => ({
  what: 'read',
  piece: snapshotId,
  detail: `cordon evidence analyse --instance ${examinerId}`,
});

/** Said when the volume is attached. */
export const analysed = (
  snapshotId: string,
  volumeId: string,
  examinerId: string,
): Pick<CustodyEntry, 'what' | 'piece' | 'detail'> => ({
  what: 'analysed',
  piece: snapshotId,
  detail: `${volumeId} at ${examinerId}`,
});

/** Said when the volume is gone. */
export const cleaned = (
  snapshotId: string,
  volumeId: string,
): Pick<CustodyEntry, 'what' | 'piece' | 'detail'> => ({
  what: 'cleaned',
  piece: snapshotId,
  detail: volumeId,
});

export const isSame = (
  entry: CustodyEntry,
  wanted: Pick<CustodyEntry, 'what' | 'piece' | 'detail'>,
): boolean =>
  entry.what === wanted.what && entry.piece === wanted.piece && entry.detail === wanted.detail;
