import type { FoundVolume } from '../../aws/made-volumes.ts';
import type { FoundSnapshot } from '../../aws/snapshots.ts';
import { AnalysisRefusedError, UnintelligibleEventError } from '../../case/errors.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { freeDevices } from '../free-devices.ts';
import type { Examiner } from './examiner.ts';
import { whyForeign } from './foreign.ts';
import { examinerTag } from './marks.ts';

/** One volume that is made and attached, or was by an earlier run. */
export interface PlannedVolume {
  readonly snapshot: FoundSnapshot;
  readonly device: string;
  /** What an earlier run has made. */
  readonly there?: FoundVolume;
}

export interface AnalysisPlan {
  readonly examiner: Examiner;
  readonly volumes: readonly PlannedVolume[];
  /** What no volume can be made of yet, and why; one sentence each. */
  readonly waiting: readonly string[];
}

/** What the plan is made of. */
export interface AnalysisKnowledge {
  readonly case: EvidenceCase;
  readonly examiner: Examiner;
  /** Those that are the case's own. */
  readonly snapshots: readonly FoundSnapshot[];
  /** Those that bear the tags of an analysis of the case. */
  readonly tagged: readonly FoundVolume[];
  readonly custody: readonly CustodyEntry[];
}

/** States in which a volume of an earlier run is of use. */
const usable = ['creating', 'available', 'in-use'];

/**
 * The snapshots that a person means.
 *
 * @throws UnintelligibleEventError for a volume of which the case has no snapshot.
 * @throws AnalysisRefusedError where the case has none at all.
 */
const chosen = (
  { snapshots, case: theCase }: AnalysisKnowledge,
  volumeId: string | undefined,
): readonly FoundSnapshot[] => {
  if (snapshots.length === 0) {
    throw new AnalysisRefusedError(
      `Nothing was begun: ${theCase.caseId} has no snapshot that is known to be its own; look with cordon evidence ${theCase.caseId}.`,
    );
  }
  if (volumeId === undefined) return snapshots;
  const found = snapshots.filter((one) => one.volumeId === volumeId);
  if (found.length > 0) return found;
  const known = snapshots.map((one) => one.volumeId).join(', ');
  throw new UnintelligibleEventError(
    `${theCase.caseId} has no snapshot of the volume ${volumeId}; it has them of ${known}.`,
  );
};

const thereOf = (
  { case: theCase, examiner, tagged, custody }: AnalysisKnowledge,
  { snapshotId }: FoundSnapshot,
): FoundVolume | undefined =>
  tagged.find(
    (volume) =>
      volume.snapshotId === snapshotId &&
      volume.tags[examinerTag] === examiner.instanceId &&
      usable.includes(volume.state) &&
      whyForeign(volume, theCase, custody) === undefined,
  );

/**
 * Which volumes are made, of which snapshots, and where they are attached.
 *
 * @param volumeId the original volume whose copy is wanted; all of them where it is absent.
 * @throws UnintelligibleEventError, AnalysisRefusedError; nothing was begun.
 */
export const planAnalysis = (
  knowledge: AnalysisKnowledge,
  volumeId?: string | undefined,
): AnalysisPlan => {
  const { examiner } = knowledge;
  const all = chosen(knowledge, volumeId);
  const completed = all.filter(({ state }) => state === 'completed');
  const waiting = all
    .filter(({ state }) => state !== 'completed')
    .map(
      ({ snapshotId, volumeId: of, state, progress = 'no progress known' }) =>
        `${snapshotId} of ${of} is ${state} (${progress}): ask again when it is completed`,
    );
  const free = [...freeDevices(examiner.devices)];
  const volumes = completed.map((snapshot): PlannedVolume | undefined => {
    const there = thereOf(knowledge, snapshot);
    const device = there?.attachments[0]?.device ?? free.shift();
    if (device === undefined) return undefined;
    return there === undefined ? { snapshot, device } : { snapshot, device, there };
  });
  if (volumes.includes(undefined)) {
    throw new AnalysisRefusedError(
      `Nothing was begun: ${examiner.instanceId} has too few free device names for ${completed.length} volumes; choose one with --volume, or take another instance.`,
    );
  }
  return { examiner, volumes: volumes.filter((one) => one !== undefined), waiting };
};
