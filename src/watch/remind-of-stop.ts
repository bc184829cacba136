import { PublishCommand } from '@aws-sdk/client-sns';
import { inWords } from '../aws/errors.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import { isReminderDue } from '../case/stop-switch.ts';
import { stopMessage } from '../notify/stop-message.ts';
import type { DriftDeps } from './result.ts';

/**
 * Tells once an hour that everything automatic is stopped, so that nobody forgets it.
 *
 * @throws NotificationRefusedError when SNS does not take it.
 */
export const remindOfStop = async (deps: DriftDeps): Promise<void> => {
  const { clients, clock, log, region, settings, stopSwitch } = deps;
  const { stackName, checkMinutes } = stopSwitch;
  const stop = await stopSwitch.stands();
  if (stop === undefined || !isReminderDue(stop, clock.now(), checkMinutes)) return;
  log.warn('everything automatic is still stopped', { until: stop.until.toISOString() });
  const TopicArn = settings.notificationTopicArn;
  if (TopicArn === '') return;
  const message = stopMessage({ kind: 'still-stopped', stop }, { stackName, region });
  try {
    await clients.sns.send(new PublishCommand({ TopicArn, ...message }));
  } catch (error) {
    throw new NotificationRefusedError(
      `The topic ${TopicArn} refused the reminder that everything automatic is stopped (${inWords(error)}); mend the topic, or start again.`,
      { cause: error },
    );
  }
};
