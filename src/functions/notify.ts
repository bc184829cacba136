import { makeSnsClient } from '../aws/client/sns.ts';
import { notify } from '../steps/notify.ts';
import { parseCaseReport } from './case-report-event.ts';
import type { StepFunction } from './step-function.ts';

/** Step 10: the case report, told. */
export const notifyFunction: StepFunction<'sns'> = {
  step: 'notify',
  clients: (log) => ({ sns: makeSnsClient(log) }),
  run: async (deps, event) => notify(deps, parseCaseReport(event)),
};
