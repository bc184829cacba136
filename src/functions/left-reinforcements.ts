import type { ReinforceDetail } from '../case/reinforcement.ts';
import { reinforcementFailed } from '../case/risks/further-cuts.ts';
import type { StepEntry } from '../case/step.ts';
import { lastOf } from '../case/step-detail.ts';

/**
 * The entry of what was left to reinforce at the end, as the step's last word. If it failed, or a person
 * ended the run before it, what was done at once stands all the same, with its undo and its risks, and
 * the idle timeouts, which are what waits for the end, are told as not lowered.
 *
 * @param earlier the entries of the run so far.
 */
export const leftReinforcements = (earlier: readonly StepEntry[], left: StepEntry): StepEntry => {
  const atOnce = lastOf<ReinforceDetail>(earlier, 'reinforce-cut');
  if (left.outcome !== 'failed' && left.outcome !== 'skipped') return left;
  if (atOnce?.outcome !== 'done' && atOnce?.outcome !== 'already') return left;
  const { because } = left.detail as { readonly because?: string };
  const why = left.error?.message || left.error?.code || because || 'nothing is known of it';
  const cut = 'idle-timeouts';
  const resource = 'the network interfaces';
  const { reinforcements, risks, ...rest } = atOnce.detail;
  const detail: ReinforceDetail = {
    ...rest,
    reinforcements: [...reinforcements, { cut, outcome: 'failed', resource, what: why, undo: [] }],
    risks: [...risks, reinforcementFailed(cut, resource, why)],
  };
  return { ...atOnce, finishedAt: left.finishedAt, detail };
};
