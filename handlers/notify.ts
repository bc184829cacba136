import { NotificationRefusedError } from '../src/case/errors.ts';
import { notifyFunction } from '../src/functions/notify.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';

export const handler = functionHandler({
  ...notifyFunction,
  run: async (deps, event) => {
    try {
      return await notifyFunction.run(deps, event);
    } catch (error) {
      if (error instanceof NotificationRefusedError) emitNotificationRefused();
      throw error;
    }
  },
});
