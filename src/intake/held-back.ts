import type { Case } from '../case/case.ts';
import type { Budget } from '../triggers/brake.ts';
import { budgetFor, reasonOfBrake } from '../triggers/brake.ts';
import { askTable } from './ask-table.ts';
import { countRecentCases } from './count-recent-cases.ts';
import { giveGroupBack, groupSize, heldByGroup } from './group-brake.ts';
import type { TakingUp } from './taking-up.ts';

/** Where the table does not count: as many as the executions of the last hour show. */
export const heldByExecutions = async (
  { deps, stateMachineArn }: Pick<TakingUp, 'deps' | 'stateMachineArn'>,
  budget: Budget,
): Promise<string | undefined> => {
  if (budget.isCritical) return undefined;
  const recent = await countRecentCases(deps, stateMachineArn, budget.limit);
  return recent < budget.limit
    ? undefined
    : `${reasonOfBrake(budget)} The case table did not answer, so nothing goes on by itself.`;
};

/** Whether the brake lets one more cut through; why not, where it does not. */
export const heldBack = async (taking: TakingUp, theCase: Case): Promise<string | undefined> => {
  const { deps, table, size } = taking;
  const budget = budgetFor(theCase.trigger, deps.settings);
  if (budget === undefined) return undefined;
  const byGroup = await heldByGroup(taking, theCase, size ?? groupSize(deps, theCase));
  if (byGroup !== undefined) return byGroup;
  const counted = await askTable(taking, () =>
    table.count(budget.name, budget.limit, deps.clock.now()),
  );
  if (counted === undefined) return heldByExecutions(taking, budget);
  if (!counted) await giveGroupBack(taking, theCase);
  return counted
    ? undefined
    : `${reasonOfBrake(budget)} It goes on by itself as the next hour's budget frees.`;
};

/** Notes that a case is held, and goes on under this input; false where that was not written. */
export const hold = async (taking: TakingUp, theCase: Case): Promise<boolean> =>
  (await askTable(taking, () => taking.table.hold(theCase))) ?? false;
