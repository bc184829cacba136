import { asCordonError, inWords, isUnavailable } from '../aws/errors.ts';
import { oneLine } from '../case/one-line.ts';
import type { CollectorOutcome } from '../record/evidence-store/outcome.ts';
import type { Collector, EvidenceDeps, Progress } from './collector.ts';
import { isCut } from './is-cut.ts';
import type { EvidenceInput } from './kind.ts';

/** Until a collector that waits for the cut looks again, in seconds. */
const untilCut = 5;

/** How often it looks: for a quarter of an hour. */
const mostLooks = 180;

/** What a collector that has not begun leaves behind. */
interface WaitingForCut {
  readonly waitingForCut: number;
}

const looksOf = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'waitingForCut' in state
    ? Number(state.waitingForCut)
    : undefined;

/** What has been collected in an earlier run of the case is not collected a second time. */
const earlierOf = async (
  { store }: EvidenceDeps,
  { name }: Collector,
): Promise<CollectorOutcome | undefined> => {
  const outcomes = await store.outcomes();
  return outcomes.find(({ collector, outcome }) => collector === name && outcome === 'done');
};

const waitForCut = (looks: number): Progress => {
  if (looks >= mostLooks) {
    return {
      outcome: 'failed',
      sentence: 'It waits for the cut, and the instance was not isolated for a quarter of an hour.',
    };
  }
  const state: WaitingForCut = { waitingForCut: looks + 1 };
  return { outcome: 'waiting', sentence: 'It waits for the cut.', waitSeconds: untilCut, state };
};

const begin = async (
  collector: Collector,
  deps: EvidenceDeps,
  input: EvidenceInput,
  looks: number,
): Promise<Progress> => {
  if (looks === 0) {
    const earlier = await earlierOf(deps, collector);
    if (earlier !== undefined) return { outcome: 'already', sentence: earlier.sentence };
  }
  // A person may have put memory before the cut.
  const waits = collector.afterTheCut === true && input.case.memoryFirst === undefined;
  if (waits && !(await isCut(deps, input))) return waitForCut(looks);
  return collector.collect(deps, input);
};

const step = async (
  collector: Collector,
  deps: EvidenceDeps,
  input: EvidenceInput,
  state: unknown,
): Promise<Progress> => {
  const looks = state === undefined ? 0 : looksOf(state);
  if (looks !== undefined) return begin(collector, deps, input, looks);
  if (collector.follow === undefined) {
    throw new Error(`The collector ${collector.name} waits for nothing.`);
  }
  return collector.follow(deps, input, state);
};

/** What cannot be repeated away is the outcome of the kind, not an error. */
const onceMore = async (
  collector: Collector,
  deps: EvidenceDeps,
  input: EvidenceInput,
  state: unknown,
): Promise<Progress> => {
  try {
    return await step(collector, deps, input, state);
  } catch (error) {
    if (isUnavailable(error)) throw asCordonError(error, `Collecting ${collector.what}`);
    deps.log.error('evidence was not collected', {
      collector: collector.name,
      caseId: input.case.caseId,
      error: inWords(error),
    });
    const { message } = asCordonError(error, `Collecting ${collector.what}`);
    return { outcome: 'failed', sentence: oneLine(message) };
  }
};

/** How a kind ended is on record at once: others may take days, and the machine may end before them. */
const writeDown = async (
  { store, log }: EvidenceDeps,
  { name }: Collector,
  progress: Progress,
): Promise<void> => {
  const { outcome, sentence } = progress;
  if (outcome === 'waiting' || outcome === 'already') return;
  try {
    await store.end({ collector: name, outcome, sentence });
  } catch (error) {
    log.error('the store did not take how a kind of evidence ended', {
      ...{ collector: name, outcome, sentence },
      error: inWords(error),
    });
  }
};

/**
 * One call of a collector. Whatever it fails at must not end the machine that the others run in.
 *
 * @param state what the call before has left; absent at the first.
 * @throws AwsUnavailableError where the machine should call again.
 */
export const collectOne = async (
  collector: Collector,
  deps: EvidenceDeps,
  input: EvidenceInput,
  state?: unknown,
): Promise<Progress> => {
  const progress = await onceMore(collector, deps, input, state);
  await writeDown(deps, collector, progress);
  return progress;
};
