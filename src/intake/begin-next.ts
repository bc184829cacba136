import type { Case, EarlierRun } from '../case/case.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { executionNameOf, isUncut } from '../record/case-table/case-item.ts';
import { budgetFor } from '../triggers/brake.ts';
import { askTable } from './ask-table.ts';
import { covers } from './covers.ts';
import { earlierRun } from './earlier-run.ts';
import { heldByExecutions } from './held-back.ts';
import { startCase } from './start-case.ts';
import { startRun } from './start-run.ts';
import type { TakenUp, TakingUp } from './taking-up.ts';

/** Without the table the name of the execution is the lock. */
export const withoutTable = async (taking: TakingUp, theCase: Case): Promise<TakenUp> => {
  const { deps, stateMachineArn } = taking;
  const budget = budgetFor(theCase.trigger, deps.settings);
  const held = budget === undefined ? undefined : await heldByExecutions(taking, budget);
  if (held !== undefined) return { kind: 'held', reason: held };
  // Its message says so.
  const unlocked: Case = { ...theCase, unlocked: true };
  return { kind: 'execution', execution: await startCase(deps, stateMachineArn, unlocked) };
};

/** A noted input, for a run that finds the evidence kept and the before-state in the tags. */
const withEarlier = (input: string, earlier: EarlierRun): string =>
  JSON.stringify({ ...(JSON.parse(input) as Case), earlier });

/** Begins the first run of a case, or a further one; undefined where somebody else was faster. */
export const beginNext = async (
  taking: TakingUp,
  item: CaseItem,
  { own, named }: { readonly own: Case; readonly named: string },
  hasRun: boolean,
): Promise<TakenUp | undefined> => {
  const earlier = earlierRun(item, own, taking.deps.settings);
  const input = JSON.stringify({ ...own, earlier });
  if (!hasRun) {
    // What was noted before a question does not say how the question ended.
    const noted = own.question === undefined && covers(item.input, own);
    const begun = isUncut(item.status) ? withEarlier(item.input, earlier) : item.input;
    return startRun(taking, own, executionNameOf(item), noted ? begun : input);
  }
  const begun = await askTable(taking, () => taking.table.beginRun(item, input));
  if (begun === undefined) return withoutTable(taking, { ...own, caseId: named });
  // Somebody else has begun it, or ended the case: looked up anew.
  if (!begun) return undefined;
  return startRun(taking, own, executionNameOf({ ...item, runs: item.runs + 1 }), input);
};
