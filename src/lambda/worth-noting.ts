import type { Note } from '../aws/current-journal.ts';
import { onlyReads } from '../case/called-action.ts';

const isReading = ({ entry: { kind, call = '', outcome } }: Note): boolean =>
  kind === 'call' && outcome === 'done' && onlyReads(call);

/** Without the calls that only read: what is followed for days is looked at thousands of times. */
export const changes = (notes: readonly Note[]): readonly Note[] =>
  notes.filter((one) => !isReading(one));

/**
 * Everything of the cases of which there is news, with what was read for it; nothing of those that were
 * found as they were left.
 */
export const casesWithNews = (notes: readonly Note[]): readonly Note[] => {
  const news = new Set(changes(notes).map(({ of }) => of.caseId));
  return notes.filter(({ of }) => news.has(of.caseId));
};
