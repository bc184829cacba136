import { PublishCommand } from '@aws-sdk/client-sns';
import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { defined } from '../case/defined.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import type { CaseReport } from '../case/report.ts';
import type { StepResult } from '../case/step.ts';
import { chatMessageOf } from '../notify/chat.ts';
import { messageOf } from '../notify/message.ts';
import { noTopic } from '../notify/verdict-line.ts';

export const permissions = ['sns:Publish'] as const;

export interface NotifyDetail {
  readonly subject: string;
  readonly messageId?: string;
  /** What became of the chat message, where there is a chat. */
  readonly chat?: 'sent' | 'refused';
  /** Why nothing was published. */
  readonly unpublished?: string;
}

/** A dry run by hand is between the person and the screen. */
const isPrivate = (report: CaseReport): boolean =>
  (report.status === 'planned' || report.dryRun === true) && report.trigger.source === 'manual';

/**
 * A further run that found everything as the run before left it: people have been told. Traffic that was
 * seen after the cut is news, whatever the run finds.
 */
const isNoNews = ({ earlier, status, steps }: CaseReport): boolean =>
  earlier?.status === 'contained' &&
  status === 'contained' &&
  earlier.activeAfterCut === undefined &&
  steps.some(({ step, outcome }) => step === 'isolate-network' && outcome === 'already') &&
  !steps.some(({ outcome }) => outcome === 'failed');

/** The chat is a convenience: what it refuses is logged, and the topic is told all the same. */
const tellChat = async (
  { clients, log, settings }: Deps<'sns'>,
  report: CaseReport,
): Promise<Pick<NotifyDetail, 'chat'>> => {
  if (settings.chatTopicArn === '') return {};
  try {
    await clients.sns.send(
      new PublishCommand({
        TopicArn: settings.chatTopicArn,
        Message: chatMessageOf(report),
        MessageAttributes: messageOf(report).MessageAttributes,
      }),
    );
    return { chat: 'sent' };
  } catch (error) {
    log.error('the chat topic refused the message', {
      caseId: report.caseId,
      error: inWords(error),
    });
    return { chat: 'refused' };
  }
};

/** The report with the head of the record as it stands, where nobody has given it one. */
const withRecord = async ({ recordHead }: Deps, report: CaseReport): Promise<CaseReport> => {
  const record = report.record ?? (await recordHead?.(report.caseId));
  return { ...report, ...defined({ record }) };
};

/**
 * Step 10: tells people and programs. Without a topic the report in the log has what it would say, and the
 * result says so.
 *
 * @throws NotificationRefusedError when SNS does not take the message; its report is in the log then.
 */
export const notify = async (
  deps: Deps<'sns'>,
  said: CaseReport,
): Promise<StepResult<NotifyDetail>> => {
  const report = await withRecord(deps, said);
  const { clients, log, settings } = deps;
  const message = messageOf(report);
  const { caseId } = report;
  log.info('case report', { caseId, report });
  if (isPrivate(report)) {
    const unpublished = 'a dry run by hand publishes nothing';
    return { outcome: 'skipped', detail: { subject: message.Subject, unpublished } };
  }
  if (isNoNews(report)) {
    const unpublished = 'nothing has changed since the run before';
    return { outcome: 'skipped', detail: { subject: message.Subject, unpublished } };
  }
  if (report.question?.execution !== undefined) {
    const unpublished = 'the machine that asks tells people';
    return { outcome: 'skipped', detail: { subject: message.Subject, unpublished } };
  }
  // Side by side: a slow chat must not delay the alert.
  const chat = tellChat(deps, report);
  if (settings.notificationTopicArn === '') {
    // The line "case report" above has what the message says.
    log.warn(noTopic, { caseId, subject: message.Subject });
    return {
      outcome: 'skipped',
      detail: { subject: message.Subject, ...(await chat), unpublished: noTopic },
    };
  }
  try {
    const answer = await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
    return {
      outcome: 'done',
      detail: {
        subject: message.Subject,
        ...(await chat),
        ...defined({ messageId: answer.MessageId }),
      },
    };
  } catch (error) {
    await chat;
    log.error('the topic refused the message', {
      caseId,
      subject: message.Subject,
      error: inWords(error),
    });
    throw new NotificationRefusedError(
      `The topic ${settings.notificationTopicArn} refused the message of case ${caseId} (${inWords(error)}); its report is in the log.`,
      { cause: error },
    );
  }
};
