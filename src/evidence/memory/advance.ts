import { asCordonError, inWords, isUnavailable } from '../../aws/errors.ts';
import { EvidenceNotCollectedError, UnintelligibleEventError } from '../../case/errors.ts';
import { oneLine } from '../../case/one-line.ts';
import type { Progress } from '../collector.ts';
import { isCut } from '../is-cut.ts';
import type { EvidenceInput } from '../kind.ts';
import { attach } from './stages/attach.ts';
import { clean } from './stages/clean.ts';
import { detach } from './stages/detach.ts';
import { followHash, hash } from './stages/hash.ts';
import { makeBlank } from './stages/make-blank.ts';
import { makeVolumes } from './stages/make-volumes.ts';
import { followRun, run } from './stages/run.ts';
import { lock, snapshot } from './stages/snapshot.ts';
import type { Stage, StageDeps, StageName, Work } from './work.ts';
import { onTo } from './work.ts';

const stages: Readonly<Record<StageName, Stage>> = {
  'make-blank': makeBlank,
  'make-volumes': makeVolumes,
  attach,
  run,
  'follow-run': followRun,
  detach,
  snapshot,
  lock,
  hash,
  'follow-hash': followHash,
  clean,
};

/** What the state machine gives back of what the call before has left. */
const workIn = (state: unknown): Work => {
  if (typeof state === 'object' && state !== null && 'stage' in state) {
    if (typeof state.stage === 'string' && Object.hasOwn(stages, state.stage)) return state as Work;
  }
  throw new UnintelligibleEventError('How far the collection of memory is cannot be read.');
};

/** Stages that put something onto the instance. */
const touching: readonly StageName[] = ['attach', 'run'];

/**
 * Hours may have passed since the cut, and somebody may have given the instance back: nothing is attached to, or run
 * on, a host that is at work again.
 *
 * @throws EvidenceNotCollectedError where it is not isolated any more.
 */
const requireCut = async (deps: StageDeps, input: EvidenceInput, work: Work): Promise<void> => {
  if (!touching.includes(work.stage) || input.case.memoryFirst !== undefined) return;
  if (await isCut(deps, input)) return;
  throw new EvidenceNotCollectedError(
    'The instance was given back before its memory was read: nothing more is done on it.',
  );
};

/** What there is by now, for who has to go on by hand. */
const whatThereIs = (work: Work): string => {
  const { imageVolumeId, toolsVolumeId, blankSnapshotId, snapshotId } = work;
  const made = [snapshotId, imageVolumeId, toolsVolumeId, blankSnapshotId].filter(Boolean);
  return made.length === 0 ? '' : ` There are: ${made.join(', ')}.`;
};

/** Before the volumes are back they are detached; afterwards, or without a volume, it ends as it stands. */
const afterTrouble = (work: Work, error: unknown): Progress => {
  const why = oneLine(asCordonError(error, 'Collecting memory').message);
  const attached: readonly StageName[] = ['attach', 'run', 'follow-run'];
  if (attached.includes(work.stage)) {
    // What may hold a part of an image is kept; the rest of it is told at the end.
    return onTo('detach', { ...work, trouble: why }, why);
  }
  const unwritten: readonly StageName[] = ['make-blank', 'make-volumes'];
  if (unwritten.includes(work.stage)) return onTo('clean', { ...work, trouble: why }, why);
  return { outcome: 'failed', sentence: `${work.trouble ?? why}${whatThereIs(work)}` };
};

/**
 * One stage, once. What ends it for good leads to the volumes being taken off the instance, and never
 * to anything else being touched.
 *
 * @throws AwsUnavailableError where the machine should call again.
 */
export const advance = async (
  deps: StageDeps,
  input: EvidenceInput,
  state: unknown,
): Promise<Progress> => {
  const work = workIn(state);
  try {
    await requireCut(deps, input, work);
    return await stages[work.stage](deps, input, work);
  } catch (error) {
    if (isUnavailable(error) || asCordonError(error, '').name === 'AwsUnavailableError')
      throw error;
    deps.log.error('collecting memory failed', {
      caseId: work.origin.caseId,
      stage: work.stage,
      error: inWords(error),
    });
    return afterTrouble(work, error);
  }
};
