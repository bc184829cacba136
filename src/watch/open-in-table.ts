import { readAlive } from '../aws/contained-instances.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { Table } from '../record/case-table/condition.ts';
import { cutCases } from '../record/case-table/cut-cases.ts';
import type { DriftDeps } from './result.ts';

/** How long the watch waits for the table, in milliseconds; without it tags and groups are what there is. */
const patience = 5_000;

/** The open case of each instance that is to be isolated, as the table has it, by the instance's id. */
export type OpenInTable = ReadonlyMap<string, string>;

/** Reads the open cases of the table; none where it has no name, or does not answer. */
export const openInTable = async (
  { clock, log }: Pick<DriftDeps, 'clock' | 'log'>,
  table: Table,
): Promise<OpenInTable> => {
  if (table.tableName === '') return new Map();
  try {
    const cases = await giveUpAfter(clock, patience, () => cutCases(table));
    return new Map(cases.map(({ instanceId, caseId }) => [instanceId, caseId]));
  } catch (error) {
    log.warn('the case table could not be read', { error: inWords(error) });
    return new Map();
  }
};

/**
 * The instances that the watch reads: those that groups and tags show, and those that only the table knows,
 * which have lost their trail and their groups. Of these the terminated are left out, whose case nobody
 * closed; the check itself finds how the others stand, and tells. Where the two disagree the log says so.
 */
export const watched = async (
  { clients, log }: Pick<DriftDeps, 'clients' | 'log'>,
  inTable: OpenInTable,
  shown: readonly string[],
): Promise<readonly string[]> => {
  const unshown = await readAlive(
    clients.ec2,
    [...inTable.keys()].filter((id) => !shown.includes(id)),
  );
  const unknown = inTable.size === 0 ? [] : shown.filter((id) => !inTable.has(id));
  if (unshown.length + unknown.length > 0) {
    log.warn('the case table and AWS disagree', { unshown, unknown });
  }
  return [...unshown, ...shown];
};
