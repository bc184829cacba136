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
 * The instances that the watch reads: those of the table first, then those that groups and tags show. Where
 * the two disagree it is said in the log; an instance that only the table knows has lost its trail and its
 * groups, which the check itself finds and tells.
 */
export const watched = (
  { log }: Pick<DriftDeps, 'log'>,
  inTable: OpenInTable,
  shown: readonly string[],
): readonly string[] => {
  const known = [...inTable.keys()];
  const unshown = known.filter((id) => !shown.includes(id));
  const unknown = shown.filter((id) => !inTable.has(id));
  if (known.length > 0 && unshown.length + unknown.length > 0) {
    log.warn('the case table and AWS disagree', { unshown, unknown });
  }
  return [...known, ...unknown];
};
