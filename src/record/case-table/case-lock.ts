import type { Clock } from '../../aws/clock.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import type { Case } from '../../case/case.ts';
import { exactCaseIdFor } from '../../case/case.ts';
import type { CaseReport } from '../../case/report.ts';
import type { CaseItem } from './case-item.ts';
import { askedStatus } from './case-item.ts';
import type { Table } from './condition.ts';
import { openItem } from './open-item.ts';
import { settleCase } from './settle-case.ts';

export const lockPermissions = ['dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;

/**
 * The lock that intake takes for each instance, for a run by hand. It never decides who may cut: a table that
 * does not answer in a moment is gone without, and the run works from what it reads of the instance.
 */
export interface CaseLock {
  /** The case under the id of the open one, or under one of its own that is open from now on. */
  take(theCase: Case): Promise<Case>;
  /** Writes how the case stands after the run, and ends the question that waited about it. */
  settle(report: CaseReport): Promise<void>;
}

/** How long a cut by hand waits for the table, in milliseconds. */
const patience = 1_500;

export interface LockDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The table of the stack; undefined where there is none. */
  readonly table: () => Promise<Table | undefined>;
  /** Tells a question that there is nothing left to ask. */
  readonly endQuestion: (token: string) => Promise<void>;
}

const isMisnamed = ({ steps }: CaseReport): boolean =>
  steps.some(({ error }) => error?.code === 'InstanceNotFoundError');

/** What the table should say of a report; a case of an instance that does not exist is none. */
const standingOf = (report: CaseReport): string => (isMisnamed(report) ? 'closed' : report.status);

/** Asks the table, for a moment; undefined where there is none, or it does not answer. */
const attemptWith =
  ({ clock, log, table }: Pick<LockDeps, 'clock' | 'log' | 'table'>) =>
  async <Answer>(
    what: string,
    work: (found: Table) => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    try {
      return await giveUpAfter(clock, patience, async () => {
        // The name may come from elsewhere: a deadline on calls alone would not end the waiting for it.
        const late = clock.sleep(patience).then(() => undefined);
        const found = await Promise.race([table(), late]);
        return found === undefined ? undefined : work(found);
      });
    } catch (error) {
      log.warn(what, { error: inWords(error) });
      return undefined;
    }
  };

/** The lock of a stack's case table. */
export const caseLock = ({ clock, log, table, endQuestion }: LockDeps): CaseLock => {
  const waiting = new Map<string, string>();
  /** Cases that somebody else had opened: a run that cut nobody leaves them as they were. */
  const joined = new Set<string>();
  const attempt = attemptWith({ clock, log, table });
  const join = (theCase: Case, { caseId, status, question }: CaseItem): Case => {
    joined.add(caseId);
    if (status === askedStatus && question !== undefined) waiting.set(caseId, question.token);
    return { ...theCase, caseId, earlier: { status } };
  };
  return {
    take: async (theCase) => {
      if (theCase.dryRun) return theCase;
      const now = clock.now();
      const exact = { ...theCase, caseId: exactCaseIdFor(theCase.instanceId, now) };
      const opened = await attempt('the case table did not give its lock', (it) =>
        openItem(it, exact, now),
      );
      if (opened === undefined) return theCase;
      return opened === 'opened' ? exact : join(theCase, opened);
    },
    settle: async (report) => {
      if (report.dryRun === true) return;
      const { instanceId, caseId, isolatedAt } = report;
      if (joined.has(caseId) && isolatedAt === undefined) return;
      await attempt('the case table did not take how the case stands', (it) =>
        settleCase(it, instanceId, caseId, standingOf(report), isolatedAt),
      );
      const token = isolatedAt === undefined ? undefined : waiting.get(caseId);
      if (token === undefined) return;
      await endQuestion(token).catch((error: unknown) =>
        log.warn('the question of the case could not be answered', { error: inWords(error) }),
      );
    },
  };
};
