import type { Clock } from '../../aws/clock.ts';
import { unjournaled } from '../../aws/current-journal.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import { defined } from '../../case/defined.ts';
import type { RecordMark } from '../../case/record-mark.ts';
import type { Table } from '../case-table/condition.ts';
import { readHeadItem } from './head-item.ts';

export const headPermission = 'dynamodb:GetItem';

/** How long a message or a seal waits for the head of a record, in milliseconds. */
const patience = 1_000;

/**
 * Reads the head of the record of a case, for what is to vouch for it: a seal, a message. Never rejects:
 * without a head they are as good, and vouch for less.
 */
export const recordHeadIn =
  (table: Table, { clock, log }: { readonly clock: Clock; readonly log: Log }) =>
  async (caseId: string): Promise<RecordMark | undefined> => {
    if (table.tableName === '') return undefined;
    try {
      const { head, blockedSince } = await unjournaled(() =>
        giveUpAfter(clock, patience, () => readHeadItem(table, caseId)),
      );
      return head === undefined
        ? undefined
        : { head: head.sha256, number: head.number, ...defined({ blockedSince }) };
    } catch (error) {
      log.warn('the head of the record is not known', { caseId, error: inWords(error) });
      return undefined;
    }
  };
