import { defined } from '../case/defined.ts';
import type { JournalEntry } from '../record/journal/entry.ts';

const endOf = ({ at, until }: JournalEntry): number => Date.parse(until ?? at);

/** Whether a call was sent for a change: by the same program, within its time, about its resource. */
const isFor = (change: JournalEntry, call: JournalEntry): boolean => {
  const [resource = ''] = (change.resource ?? '').split(' ');
  return (
    call.kind === 'call' &&
    call.call === change.call &&
    call.program === change.program &&
    Date.parse(call.at) >= Date.parse(change.at) &&
    endOf(call) <= endOf(change) &&
    JSON.stringify(call.parameters ?? {}).includes(JSON.stringify(resource).slice(1, -1))
  );
};

/**
 * The changes of a journal, each with the request id of its call. The journal notes calls beside changes. Of
 * several calls that fit, the last that ended before the change did is its own: the others were repeated, or
 * belong to a change that ended earlier.
 */
export const changesWithRequestIds = (
  entries: readonly JournalEntry[],
): readonly JournalEntry[] => {
  const taken = new Set<JournalEntry>();
  const ids = new Map<string, string | undefined>();
  const changes = entries.filter(({ kind }) => kind === 'change');
  for (const change of changes.toSorted((a, b) => endOf(a) - endOf(b))) {
    const fitting = entries.filter((one) => !taken.has(one) && isFor(change, one));
    const call = fitting.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
    if (call !== undefined) taken.add(call);
    ids.set(change.id, change.requestId ?? call?.requestId);
  }
  return changes.map((change) => ({ ...change, ...defined({ requestId: ids.get(change.id) }) }));
};
