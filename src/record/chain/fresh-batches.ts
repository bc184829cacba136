import type { Table } from '../case-table/condition.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { clearOutbox, readOutbox } from '../outbox/outbox.ts';
import type { HeadItem } from './head-item.ts';
import { endWaiting } from './waiting-item.ts';

const byTime = (a: Batch, b: Batch): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/**
 * What stands for a batch that is listed and not there, or cannot be read. The two are written in one, so
 * somebody has taken it away: the record says so, and does not wait for it for ever.
 */
const lost = (id: string, caseId: string, writer: Writer, now: Date): Batch => {
  const at = now.toISOString();
  const sentence = `What was noted as ${id} was taken from the outbox, or changed there, before it was appended.`;
  return { id, caseId, at, writer, entries: [{ kind: 'status', at, outcome: 'lost', sentence }] };
};

/** So many of those that wait are appended at once: an object of the record is read whole. */
const together = 50;

/**
 * The batches that the record does not have yet, each once, in the order of time: those that came with the
 * run, and of those that wait in the outbox as many as one object takes.
 */
export const freshBatches = async (
  table: Table,
  caseId: string,
  { appended, pending }: Pick<HeadItem, 'appended'> & { readonly pending: readonly string[] },
  carried: readonly Batch[],
  writer: Writer,
  now: Date,
): Promise<readonly Batch[]> => {
  const known = new Set(appended);
  const repeated = pending.filter((id) => known.has(id));
  if (repeated.length > 0) {
    await endWaiting(table, caseId, repeated);
    await clearOutbox(table, repeated);
  }
  const waiting = pending.filter((id) => !known.has(id)).slice(0, together);
  const read = (await readOutbox(table, waiting)).filter((one) => one.caseId === caseId);
  const found = new Set(read.map(({ id }) => id));
  const gone = waiting.filter((id) => !found.has(id)).map((id) => lost(id, caseId, writer, now));
  const all = new Map([...gone, ...read, ...carried].map((one) => [one.id, one] as const));
  return [...all.values()].filter(({ id }) => !known.has(id)).toSorted(byTime);
};
