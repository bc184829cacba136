import { AsyncLocalStorage } from 'node:async_hooks';
import type { NewEntry } from '../record/journal/entry.ts';
import type { CurrentCase } from './current-case.ts';
import { currentCase } from './current-case.ts';

/** What was noted of one case; that may turn out later to bear another id. */
export interface Note {
  readonly of: Readonly<CurrentCase>;
  readonly entry: NewEntry;
}

interface Journaling {
  readonly notes: Note[];
  /** Whether what AWS answers to a call that only reads is kept. */
  readonly keepsAnswers: boolean;
}

const current = new AsyncLocalStorage<Journaling | undefined>();

/** Whether what is done now is noted, and its answers with it. */
export const isJournaling = (): boolean => current.getStore() !== undefined;
export const keepsAnswers = (): boolean => current.getStore()?.keepsAnswers === true;

/**
 * Does work, and notes what is done in it for a case: every call of AWS, and what the work itself notes.
 *
 * @param notes gets the notes while the work goes on, so that they are there even where it throws.
 */
export const journaling = <Result>(
  notes: Note[],
  work: () => Promise<Result>,
  options: { readonly keepsAnswers: boolean } = { keepsAnswers: true },
): Promise<Result> => current.run({ notes, ...options }, work);

/** Does work that is no part of a case's story: the journal's own bookkeeping. */
export const unjournaled = <Result>(work: () => Promise<Result>): Promise<Result> =>
  current.run(undefined, work);

/**
 * Notes something of a case; where nothing is journaled, or no case is known, it does nothing.
 *
 * @param caseId the case that it belongs to; absent: the one under which the work is done.
 */
export const note = (entry: NewEntry, caseId?: string): void => {
  const of = caseId === undefined ? currentCase() : { caseId };
  if (of !== undefined) current.getStore()?.notes.push({ of, entry });
};
