import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import {
  BatchUpdateFindingsCommand,
  BatchUpdateFindingsV2Command,
} from '@aws-sdk/client-securityhub';
import type { Clock } from '../aws/clock.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { Log } from '../aws/log.ts';
import type { HubIdentity } from '../case/case.ts';
import type { CaseReport } from '../case/report.ts';
import { kindOf } from '../notify/subject.ts';
import { noteAuthor } from '../triggers/security-hub/hub-finding.ts';

/** One permission for both formats: IAM knows no action BatchUpdateFindingsV2. */
export const noteCasePermissions = ['securityhub:BatchUpdateFindings'] as const;

/** A message never waits for Security Hub; its function no longer than this, in milliseconds. */
const patience = 3_000;

/** The longest note (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_NoteUpdate.html). */
const longestNote = 512;

const inProgress = 2;

const noteOf = ({ status, instanceId, caseId, reason }: CaseReport): string =>
  `${instanceId} is ${status}, case ${caseId}. ${reason}`.slice(0, longestNote - 20);

/** Sends the note, and answers with what Security Hub did not process. */
const send = async (
  securityHub: SecurityHubClient,
  hub: HubIdentity,
  note: string,
): Promise<readonly object[]> => {
  if (hub.format === 'asff') {
    const { UnprocessedFindings = [] } = await securityHub.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: [{ Id: hub.id, ProductArn: hub.productArn }],
        Workflow: { Status: 'NOTIFIED' },
        Note: { Text: note, UpdatedBy: noteAuthor },
      }),
    );
    return UnprocessedFindings;
  }
  const { accountId: CloudAccountUid, id: FindingInfoUid, productUid: MetadataProductUid } = hub;
  const { UnprocessedFindings = [] } = await securityHub.send(
    new BatchUpdateFindingsV2Command({
      FindingIdentifiers: [{ CloudAccountUid, FindingInfoUid, MetadataProductUid }],
      StatusId: inProgress,
      Comment: `${noteAuthor}: ${note}`,
    }),
  );
  return UnprocessedFindings;
};

/** A finding is noted once, when its first run has ended: updates of findings come back as events. */
const isDue = (report: CaseReport): boolean =>
  kindOf(report) === 'final' && report.earlier === undefined && report.dryRun !== true;

export interface NoteDeps {
  readonly securityHub: SecurityHubClient;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Notes the case in the finding of Security Hub that began it, so that its analysts see who works on it.
 * What Security Hub refuses is logged, and delays nothing
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchupdatefindings.html).
 */
export const noteCase = async (
  { securityHub, clock, log }: NoteDeps,
  report: CaseReport,
): Promise<void> => {
  const { hub } = report.trigger;
  if (hub === undefined || !isDue(report)) return;
  try {
    const unprocessed = await giveUpAfter(clock, patience, () =>
      send(securityHub, hub, noteOf(report)),
    );
    if (unprocessed.length > 0) {
      log.warn('Security Hub did not take the note', { unprocessed });
    }
  } catch (error) {
    log.warn('Security Hub did not take the note', { error: inWords(error) });
  }
};
