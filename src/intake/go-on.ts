import { underCase } from '../aws/current-case.ts';
import { asCordonError } from '../aws/errors.ts';
import { readStop } from '../aws/stop-switch.ts';
import type { Case } from '../case/case.ts';
import { isCaseIdOf } from '../case/case.ts';
import { isSettled } from '../case/question.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { budgetFor } from '../triggers/brake.ts';
import { modeFor } from '../triggers/policy.ts';
import type { IntakeDeps, IntakeResult, IntakeSettings } from './intake-result.ts';
import { repeat } from './take-up.ts';

interface Held {
  readonly item: CaseItem;
  readonly case: Case;
}

/** The case in an item; only intake writes it, but what cannot be read must not end the others. */
const heldCase = (item: CaseItem): readonly Held[] => {
  try {
    const theCase = JSON.parse(item.input) as Case;
    return theCase.instanceId === item.instanceId && isCaseIdOf(item.caseId, item.instanceId)
      ? [{ item, case: theCase }]
      : [];
  } catch {
    return [];
  }
};

/** The most severe first, then the oldest. */
const inTurn = (a: Held, b: Held): number =>
  (b.case.trigger.severity ?? 0) - (a.case.trigger.severity ?? 0) ||
  a.item.openedAt.localeCompare(b.item.openedAt);

/** The settings may have changed since the finding: only what would be cut now is cut. */
const isStillToCut = (theCase: Case, settings: IntakeDeps['settings']): boolean => {
  const { trigger, accountId, question, ordered } = theCase;
  if (settings.exemptAccounts.includes(accountId)) return false;
  return (
    modeFor(trigger.severity, settings) === 'contain' || isSettled(question) || ordered === true
  );
};

/**
 * Goes on with the cases that the brake holds back, as far as the budgets of this hour reach. People are
 * told of each by its run, as of any case. While everything automatic is stopped, it begins no case.
 *
 * @throws CordonError for the last case that could not be begun, after the others were: it is held
 *   still, and the next call tries again.
 */
export const goOn = async (
  deps: IntakeDeps,
  { caseTable: table, stateMachineArn, stopParameter }: IntakeSettings,
): Promise<IntakeResult> => {
  const executions: IntakeResult['executions'][number][] = [];
  if (table === undefined || (await readStop(deps, stopParameter)) !== undefined) {
    return { executions, skipped: [] };
  }
  const usedUp = new Set<string>();
  const failures: unknown[] = [];
  const waiting = (await table.held()).flatMap(heldCase).toSorted(inTurn);
  for (const { item, case: theCase } of waiting) {
    const budget = budgetFor(theCase.trigger, deps.settings)?.name ?? '';
    if (usedUp.has(budget) || !isStillToCut(theCase, deps.settings)) continue;
    try {
      const taken = await underCase(theCase.caseId, () =>
        repeat({ deps, stateMachineArn, table }, item, theCase),
      );
      // A group that holds one back holds back none of another group.
      if (taken?.kind === 'held' && theCase.autoScalingGroup === undefined) usedUp.add(budget);
      if (taken?.kind === 'execution' && taken.execution.outcome === 'started') {
        executions.push(taken.execution);
      }
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw asCordonError(failures.at(-1), 'Going on with a held case');
  return { executions, skipped: [] };
};
