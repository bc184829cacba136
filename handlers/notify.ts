import { makeSnsClient } from '../src/aws/client/sns.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { parseCaseReport } from '../src/lambda/case-report-event.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { notify } from '../src/steps/notify.ts';

/** Step 10: the case report, told. */
export const handler = functionHandler({
  step: 'notify',
  clients: (log) => ({ sns: makeSnsClient(log) }),
  run: async (deps, event) => {
    try {
      return await notify(deps, parseCaseReport(event));
    } catch (error) {
      if (error instanceof NotificationRefusedError) emitNotificationRefused();
      throw error;
    }
  },
});
