import { DeleteVolumeCommand, DetachVolumeCommand } from '@aws-sdk/client-ec2';
import { asCordonError, codeOf, inWords } from '../../aws/errors.ts';
import type { FoundVolume } from '../../aws/made-volumes.ts';
import { readVolume } from '../../aws/made-volumes.ts';
import { AnalysisRefusedError } from '../../case/errors.ts';
import type { CustodyEntry } from '../../record/evidence-store/custody.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import type { AnalysisDeps } from './analyse.ts';
import { readTaggedVolumes } from './analyse.ts';
import { awaitVolume } from './await-volume.ts';
import { whyForeign } from './foreign.ts';
import { cleaned } from './marks.ts';

/** What is taken back of a case, and what only looks like it. */
export interface CleaningPlan {
  readonly take: readonly FoundVolume[];
  /** Volumes that bear the tags and stay; one sentence each. */
  readonly keep: readonly string[];
  readonly custody: readonly CustodyEntry[];
}

export interface CleaningResult {
  readonly deleted: readonly string[];
  /** What stays, and why; one sentence each. */
  readonly open: readonly string[];
}

/** The states of a volume that is as good as gone. */
const going = ['deleting', 'deleted'];

/** Which of these volumes were made for the analysis of this case. */
export const planCleaning = (
  theCase: EvidenceCase,
  tagged: readonly FoundVolume[],
  custody: readonly CustodyEntry[],
): CleaningPlan => {
  const standing = tagged.filter(({ state }) => !going.includes(state));
  const judged = standing.map((volume) => ({ volume, why: whyForeign(volume, theCase, custody) }));
  return {
    custody,
    take: judged.filter(({ why }) => why === undefined).map(({ volume }) => volume),
    keep: judged.flatMap(({ volume, why }) =>
      why === undefined
        ? []
        : [`${volume.volumeId} stays, though it bears the tags of an analysis: ${why}`],
    ),
  };
};

/** Reads what is taken back. Changes nothing. */
export const readCleaningPlan = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
): Promise<CleaningPlan> => {
  const [tagged, custody] = await Promise.all([
    readTaggedVolumes(deps, theCase),
    deps.store.custody(),
  ]);
  return planCleaning(theCase, tagged, custody);
};

const detach = async (
  deps: AnalysisDeps,
  { volumeId, attachments }: FoundVolume,
  force: boolean,
): Promise<void> => {
  for (const { instanceId, state } of attachments) {
    if (state === 'detaching' && !force) continue;
    try {
      await deps.ec2.send(
        new DetachVolumeCommand({
          VolumeId: volumeId,
          InstanceId: instanceId,
          ...(force ? { Force: true } : {}),
        }),
      );
    } catch (error) {
      // Detached meanwhile, by hand or by an attempt whose answer was lost.
      const now = await readVolume(deps.ec2, volumeId);
      if (now !== undefined && now.attachments.length > 0) {
        throw asCordonError(error, `Detaching ${volumeId} from ${instanceId}`);
      }
    }
  }
  await awaitVolume(
    deps,
    volumeId,
    (volume) => volume === undefined || volume.attachments.length === 0,
    'unmount it on the instance, and ask again; --force takes it away as a pulled cable would.',
  );
};

const cleanOne = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  volume: FoundVolume,
  custody: readonly CustodyEntry[],
  force: boolean,
): Promise<void> => {
  const { volumeId, snapshotId } = volume;
  if (volume.attachments.length > 0) await detach(deps, volume, force);
  // Looked at once more: while it was detached, somebody may have taken it for something else.
  const now = await readVolume(deps.ec2, volumeId);
  const why = now === undefined ? undefined : whyForeign(now, theCase, custody);
  if (why !== undefined) throw new AnalysisRefusedError(why);
  try {
    if (now !== undefined) await deps.ec2.send(new DeleteVolumeCommand({ VolumeId: volumeId }));
  } catch (error) {
    if (codeOf(error) !== 'InvalidVolume.NotFound') {
      throw asCordonError(error, `Deleting ${volumeId}`);
    }
  }
  await awaitVolume(
    deps,
    volumeId,
    (one) => one === undefined || going.includes(one.state),
    'ask again.',
  );
  await deps.store.hand(cleaned(snapshotId, volumeId));
};

/** Says of volumes that an earlier run has deleted, or somebody by hand, that they are gone. */
const noteGone = async (
  { ec2, store }: AnalysisDeps,
  custody: readonly CustodyEntry[],
): Promise<void> => {
  for (const { what, piece, detail = '' } of custody) {
    const volumeId = /^(vol-[0-9a-f]+) at /.exec(detail)?.[1];
    if (what !== 'analysed' || volumeId === undefined) continue;
    const isSaid = custody.some(
      (one) => one.what === 'cleaned' && one.detail?.split(',')[0] === volumeId,
    );
    if (isSaid || (await readVolume(ec2, volumeId)) !== undefined) continue;
    await store.hand({ what: 'cleaned', piece, detail: `${volumeId}, found gone` });
  }
};

/**
 * Detaches and deletes what is planned, each read back; one that fails costs only itself. The snapshot stays,
 * and another copy can be made of it at any time.
 *
 * @param force detaches without the instance, which may then hold on to what is no longer there.
 */
export const clean = async (
  deps: AnalysisDeps,
  theCase: EvidenceCase,
  { take, keep, custody }: CleaningPlan,
  force: boolean,
): Promise<CleaningResult> => {
  const deleted: string[] = [];
  const open = [...keep];
  for (const volume of take) {
    try {
      await cleanOne(deps, theCase, volume, custody, force);
      deleted.push(volume.volumeId);
    } catch (error) {
      open.push(`${volume.volumeId} stays: ${inWords(error)}`);
    }
  }
  await noteGone(deps, await deps.store.custody());
  return { deleted, open };
};
