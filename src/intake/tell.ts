import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { inWords } from '../aws/errors.ts';
import { assembleReport } from '../case/report.ts';
import type { Message } from '../notify/message.ts';
import { messageOf } from '../notify/message.ts';
import { rejectionMessage } from '../notify/rejection.ts';
import type { UnreadFinding } from '../notify/unread.ts';
import { unreadMessage, unreadSentence } from '../notify/unread.ts';
import type { Decision } from '../triggers/decide.ts';
import type { IntakeDeps, IntakeResult, IntakeSettings } from './intake-result.ts';

/** True when somebody was told; without a topic, by hand, the log is what there is. */
const publish = async (
  { clients, log, settings }: IntakeDeps,
  message: Message,
): Promise<boolean> => {
  if (settings.notificationTopicArn === '') {
    log.warn('no topic is set', { subject: message.Subject });
    return true;
  }
  try {
    await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
    return true;
  } catch (error) {
    log.error('the topic refused the message', {
      subject: message.Subject,
      error: inWords(error),
    });
    return false;
  }
};

/** Puts the raw event where the alarm rings and a person can read it. */
const keep = async (
  { clients }: IntakeDeps,
  { deadLetterQueueUrl }: IntakeSettings,
  event: unknown,
  why: string,
): Promise<void> => {
  if (deadLetterQueueUrl === '') return;
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: JSON.stringify(event) ?? 'null',
      MessageAttributes: {
        REJECTED: { DataType: 'String', StringValue: why.slice(0, 1_000) },
      },
    }),
  );
};

/** Tells of an event that is not understood, keeps it, and says why. */
export const reject = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  sentence: string,
): Promise<IntakeResult> => {
  deps.log.error('an event was rejected', { rejected: sentence, event });
  await publish(deps, rejectionMessage(sentence, event));
  await keep(deps, settings, event, sentence);
  return { executions: [], skipped: [], rejected: sentence };
};

/** Tells of an instance that is left open, for good or until a person says; else keeps the event. */
export const tellLeftOpen = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  { kind, case: theCase, reason }: Decision,
): Promise<void> => {
  const now = deps.clock.now();
  const why = kind === 'ask' ? { ask: reason } : { skip: reason };
  const report = assembleReport({ case: theCase, steps: [], finished: true, now, ...why });
  const told = await publish(deps, messageOf(report));
  if (!told) await keep(deps, settings, event, reason);
};

/** A severe finding whose instance could not be read: told, and kept, as what is not understood. */
export const tellUnread = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  finding: UnreadFinding,
): Promise<string> => {
  const sentence = unreadSentence(finding);
  deps.log.error('the instance of a finding could not be read', { rejected: sentence });
  await publish(deps, unreadMessage(finding));
  await keep(deps, settings, event, sentence);
  return sentence;
};
