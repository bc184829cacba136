import { PublishCommand } from '@aws-sdk/client-sns';
import { inWords } from '../aws/errors.ts';
import { defined } from '../case/defined.ts';
import type { DriftNews } from '../case/drift-news.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import { quoted } from '../case/quoted.ts';
import { driftMessage } from '../notify/drift-message.ts';
import type { RecordedCall } from './event.ts';
import type { DriftDeps } from './result.ts';

/**
 * Tells people and programs; without a topic the news are in the log.
 *
 * @throws NotificationRefusedError when SNS does not take them.
 */
export const tell = async (
  { clients, log, settings, recordHead }: DriftDeps,
  news: DriftNews,
): Promise<void> => {
  const record = news.caseId === undefined ? undefined : await recordHead?.(news.caseId);
  const message = driftMessage({ ...news, ...defined({ record }) });
  log.warn('drift', { ...news, subject: message.Subject });
  if (settings.notificationTopicArn === '') return;
  try {
    await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
  } catch (error) {
    log.error('the topic refused the message', { ...news, error: inWords(error) });
    throw new NotificationRefusedError(
      `The topic ${settings.notificationTopicArn} refused the news of ${news.instanceId} (${inWords(error)}); it is in the log.`,
      { cause: error },
    );
  }
};

/** Does something that may fail, and returns why it did. */
export const attempt = async (work: () => Promise<void>): Promise<string | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return inWords(error);
  }
};

/** A name of an API call or an id of an event, as it is; anything else is somebody's words. */
export const bareOrQuoted = (text: string): string =>
  /^[\w-]{1,80}$/.test(text) ? text : quoted(text, 80);

/**
 * Who made a call, from where and when, and where to look it up. The caller chooses some of it, the
 * name of a session for one.
 */
export const whoOf = ({ by, from, name, at, eventId }: RecordedCall): string =>
  `${quoted(by)} called ${bareOrQuoted(name)} from ${quoted(from, 80)} at ${at} (CloudTrail event ${bareOrQuoted(eventId)})`;
