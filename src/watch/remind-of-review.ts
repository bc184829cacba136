import { PublishCommand } from '@aws-sdk/client-sns';
import { underCase } from '../aws/current-case.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { defined } from '../case/defined.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import { isReviewReminderDue, lookedAt } from '../case/review.ts';
import { reviewMessage } from '../notify/review-message.ts';
import type { Table } from '../record/case-table/condition.ts';
import type { KnownCase } from '../record/case-table/known-cases.ts';
import { isOpenCase, knownCases } from '../record/case-table/known-cases.ts';
import { forgetReminder, noteReminder } from '../record/case-table/note-reminder.ts';
import type { DriftDeps } from './result.ts';

/** How long the watch waits for the table, in milliseconds: the next check asks again. */
const patience = 5_000;

const tellOf = async (deps: DriftDeps, table: Table, overdue: KnownCase): Promise<void> => {
  const { clients, clock, log, region, settings } = deps;
  const now = clock.now();
  // Of two watches at once one notes it, and that one tells.
  if (!(await noteReminder(table, overdue, now))) return;
  const { instanceId, caseId, status, ownership } = overdue;
  const unseenSeconds = (now.getTime() - lookedAt(overdue).getTime()) / 1_000;
  const about = { instanceId, caseId, region, status, unseenSeconds };
  const record = await deps.recordHead?.(caseId);
  const message = reviewMessage({ ...about, ...defined({ ownership, record }) });
  log.warn('nobody has looked at an open case in time', { ...about, subject: message.Subject });
  const TopicArn = settings.notificationTopicArn;
  if (TopicArn === '') return;
  try {
    await underCase(caseId, () => clients.sns.send(new PublishCommand({ TopicArn, ...message })));
  } catch (error) {
    await forgetReminder(table, overdue, now).catch((trouble: unknown) =>
      log.warn('the reminder could not be taken back', { caseId, error: inWords(trouble) }),
    );
    throw new NotificationRefusedError(
      `The topic ${TopicArn} refused the reminder of ${caseId} (${inWords(error)}); mend the topic, the next check tells again.`,
      { cause: error },
    );
  }
};

const readOverdue = async (
  { clock, log, settings }: DriftDeps,
  table: Table,
): Promise<readonly KnownCase[]> => {
  try {
    const known = await giveUpAfter(clock, patience, () => knownCases(table));
    return known.filter(
      (one) => isOpenCase(one) && isReviewReminderDue(one, settings.reviewAfterHours, clock.now()),
    );
  } catch (error) {
    log.warn('it could not be read which cases are overdue', { error: inWords(error) });
    return [];
  }
};

/**
 * Tells of each open case that nobody has looked at within `ReviewAfterHours`, and of each taken case
 * that is past its review, once per period. Nothing ends by itself.
 *
 * @throws NotificationRefusedError when SNS does not take one, after all were tried.
 */
export const remindOfReview = async (deps: DriftDeps): Promise<void> => {
  const { table, settings } = deps;
  if (table === undefined || table.tableName === '' || settings.reviewAfterHours === 0) return;
  let refusal: unknown;
  for (const overdue of await readOverdue(deps, table)) {
    await tellOf(deps, table, overdue).catch((error: unknown) => {
      refusal ??= error;
    });
  }
  if (refusal !== undefined) throw refusal;
};
