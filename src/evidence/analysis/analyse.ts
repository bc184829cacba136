import { inWords } from '../../aws/errors.ts';
import type { FoundVolume } from '../../aws/made-volumes.ts';
import { readVolumesBy } from '../../aws/made-volumes.ts';
import { AnalysisRefusedError } from '../../case/errors.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { caseTag } from '../../record/trail/keys.ts';
import { tagValue } from '../../record/trail/tag-value.ts';
import { attachVolume } from './attach.ts';
import type { Waiting } from './await-volume.ts';
import { awaitVolume } from './await-volume.ts';
import type { SnapshotSources } from './case-snapshots.ts';
import { readCaseSnapshots } from './case-snapshots.ts';
import type { Examiner } from './examiner.ts';
import { readExaminer } from './examiner.ts';
import { makeVolume } from './make.ts';
import { analysed, analysisRole, announced, isSame, roleTag } from './marks.ts';
import type { AnalysisPlan, PlannedVolume } from './plan.ts';
import { planAnalysis } from './plan.ts';

/** What analysing and cleaning work with. */
export type AnalysisDeps = Waiting & SnapshotSources;

/** A copy that lies ready. */
export interface AnalysedVolume {
  readonly volumeId: string;
  readonly snapshotId: string;
  /** The volume that it is a copy of. */
  readonly originalId: string;
  readonly device: string;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
  readonly outcome: 'done' | 'already';
}

export interface AnalysisResult {
  readonly volumes: readonly AnalysedVolume[];
  /** What could not be done, or not yet; one sentence each. */
  readonly open: readonly string[];
}

/** The volumes that bear the tags of an analysis of this case, whoever wrote them. */
export const readTaggedVolumes = (
  { ec2 }: Waiting,
  { caseId }: EvidenceCase,
): Promise<readonly FoundVolume[]> =>
  readVolumesBy(
    ec2,
    { Name: `tag:${caseTag}`, Values: [tagValue(caseId)] },
    { Name: `tag:${roleTag}`, Values: [analysisRole] },
  );

/**
 * Reads what there is, and plans what is made. Changes nothing.
 *
 * @throws UnintelligibleEventError, InstanceNotFoundError, AnalysisRefusedError: nothing was begun.
 */
export const readAnalysisPlan = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  examinerId: string,
  volumeId: string | undefined,
): Promise<AnalysisPlan> => {
  const examiner = await readExaminer(deps.ec2, examinerId, theCase);
  const [snapshots, tagged, custody] = await Promise.all([
    readCaseSnapshots(deps, theCase),
    readTaggedVolumes(deps, theCase),
    deps.store.custody(),
  ]);
  return planAnalysis({ case: theCase, examiner, snapshots, tagged, custody }, volumeId);
};

/** What an earlier run has made, as soon as it can be attached; else a new one, announced beforehand. */
const madeOrThere = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  { snapshot, there }: PlannedVolume,
  examiner: Examiner,
  custody: readonly CustodyEntry[],
): Promise<FoundVolume> => {
  if (there === undefined) {
    // Whoever reads evidence says so first, and an entry that comes before the call lets a later run, and
    // clean, tell what was made from what merely bears its tags.
    await deps.store.hand(announced(snapshot.snapshotId, examiner.instanceId));
    return makeVolume(deps, theCase, snapshot, examiner, custody);
  }
  const ready = await awaitVolume(
    deps,
    there.volumeId,
    (volume) => volume?.state === 'available' || volume?.state === 'in-use',
    'ask again, which goes on with it.',
  );
  return ready ?? there;
};

const analyseOne = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  planned: PlannedVolume,
  examiner: Examiner,
): Promise<AnalysedVolume> => {
  const { instanceId } = examiner;
  const { snapshotId, volumeId: originalId } = planned.snapshot;
  const custody = await deps.store.custody();
  const made = await madeOrThere(deps, theCase, planned, examiner, custody);
  const elsewhere = made.attachments.find((one) => one.instanceId !== instanceId);
  if (elsewhere !== undefined) {
    throw new AnalysisRefusedError(
      `${made.volumeId}, made of ${snapshotId}, is attached to ${elsewhere.instanceId}: take it back with cordon evidence clean.`,
    );
  }
  const wasThere = made.attachments.length > 0;
  const { volume, attachment } = await attachVolume(deps, made, instanceId, planned.device);
  const { volumeId, sizeGib, encrypted } = volume;
  const entry = analysed(snapshotId, volumeId, instanceId);
  if (!custody.some((one) => isSame(one, entry))) await deps.store.hand(entry);
  const { device, deleteOnTermination } = attachment;
  const outcome = wasThere ? 'already' : 'done';
  const ids = { volumeId, snapshotId, originalId };
  return { ...ids, device, sizeGib, encrypted, deleteOnTermination, outcome };
};

/** Makes and attaches what is planned; one that fails costs only itself. */
export const analyse = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  { examiner, volumes, waiting }: AnalysisPlan,
): Promise<AnalysisResult> => {
  const done: AnalysedVolume[] = [];
  const open = [...waiting];
  for (const planned of volumes) {
    try {
      done.push(await analyseOne(deps, theCase, planned, examiner));
    } catch (error) {
      open.push(
        `${planned.snapshot.snapshotId} of ${planned.snapshot.volumeId}: ${inWords(error)}`,
      );
    }
  }
  return { volumes: done, open };
};
