import runbook from '../../statemachine/containment.asl.json' with { type: 'json' };
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import type { CaseReport } from '../case/report.ts';
import { assembleReport } from '../case/report.ts';
import type { Run, RunbookDeps, Story } from './answer-task.ts';
import { answerTask, nobody } from './answer-task.ts';
import type { Conduct } from './conduct.ts';
import { runMachine } from './run-machine.ts';
import { withMessage } from './with-message.ts';

/**
 * Contains one instance and tells: the state machine of the template, run in this process, for the
 * on-call when Step Functions is not deployed, slow or broken. Never throws: whatever fails stands in
 * the report.
 */
export const contain = async (
  deps: RunbookDeps,
  theCase: Case,
  conduct: Conduct = {},
): Promise<CaseReport> => {
  const { clock, log } = deps;
  const story: Story = { failures: new Map() };
  const run: Run = {
    deps,
    functionDeps: { ...deps, region: theCase.region, sealsAs: 'trail-by-hand' },
    watcher: conduct.watcher ?? nobody,
    stop: conduct.stop,
    story,
  };
  const gaveUp = (state: string): void => {
    const failure = story.failures.get(state);
    if (failure === undefined) return;
    if (state === 'Notify') story.told = failure;
    conduct.watcher?.ended(failure);
  };
  try {
    await runMachine({
      definition: runbook,
      input: theCase,
      name: theCase.caseId,
      answer: (task, event) => answerTask(run, task, event),
      gaveUp,
      ...defined({ retryPause: conduct.retryPause }),
    });
  } catch (error) {
    // A case that is not contained, or that nobody was told of: the report says so.
    log.warn('the run ended as failed', { caseId: theCase.caseId, error: inWords(error) });
  }
  const report =
    story.report ?? assembleReport({ case: theCase, steps: [], finished: true, now: clock.now() });
  return withMessage(report, story.told);
};
