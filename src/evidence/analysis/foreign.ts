import type { FoundVolume } from '../../aws/made-volumes.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { caseTag } from '../../record/trail/keys.ts';
import { tagValue } from '../../record/trail/tag-value.ts';
import {
  analysed,
  analysisRole,
  announced,
  examinerTag,
  isSame,
  roleTag,
  snapshotTag,
} from './marks.ts';

/** The clock of the machine that announced it may be wrong by so much, in milliseconds. */
const clocksDiffer = 900_000;

/** The store says that it was made, or that one was about to be made when it was. */
const isWitnessed = (
  { volumeId, snapshotId, createdAt }: FoundVolume,
  examinerId: string,
  custody: readonly CustodyEntry[],
): boolean =>
  custody.some((entry) => isSame(entry, analysed(snapshotId, volumeId, examinerId))) ||
  custody.some(
    (entry) =>
      isSame(entry, announced(snapshotId, examinerId)) &&
      createdAt !== undefined &&
      createdAt.getTime() >= Date.parse(entry.at) - clocksDiffer,
  );

/**
 * Why a volume is none that was made for the analysis of this case; undefined where it is one. Tags are what
 * anybody who may tag has written, so they count only beside what nobody can change: the snapshot it was made
 * of, when it was made, and the entries of the store.
 */
export const whyForeign = (
  volume: FoundVolume,
  theCase: EvidenceCase,
  custody: readonly CustodyEntry[],
): string | undefined => {
  const { tags, snapshotId, attachments } = volume;
  const tagged = tags[caseTag] === tagValue(theCase.caseId) && tags[roleTag] === analysisRole;
  if (!tagged) return 'it does not bear the tags of the case';
  if (snapshotId === '' || tags[snapshotTag] !== snapshotId) {
    return `it was not made of the snapshot that its tags name, but of ${snapshotId || 'none'}`;
  }
  const examinerId = tags[examinerTag] ?? '';
  if (!isWitnessed(volume, examinerId, custody)) {
    return 'the store has no entry that it was made for an analysis';
  }
  const elsewhere = attachments.find((one) => one.instanceId !== examinerId);
  return elsewhere === undefined
    ? undefined
    : `it is attached to ${elsewhere.instanceId}, for which it was not made`;
};
