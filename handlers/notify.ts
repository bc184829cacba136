import { makeSnsClient } from '../src/aws/client/sns.ts';
import { parseCaseReport } from '../src/lambda/case-report-event.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { notify } from '../src/steps/notify.ts';

/** Step 10: the case report, told. */
export const handler = functionHandler({
  step: 'notify',
  clients: (log) => ({ sns: makeSnsClient(log) }),
  run: (deps, event) => notify(deps, parseCaseReport(event)),
});
