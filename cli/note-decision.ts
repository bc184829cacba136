import { systemClock } from '../src/aws/clock.ts';
import type { Log } from '../src/aws/log.ts';
import { keepNotes } from '../src/record/outbox/keep-run.ts';
import { personJournal } from './person-journal.ts';

/** What a person decided about a case. */
export interface Decided {
  readonly caseId: string;
  readonly instanceId: string;
  /** One word: `approve`. */
  readonly outcome: string;
  /** The same in words for whoever reads the story of the case. */
  readonly sentence: string;
  readonly detail: object;
}

/**
 * Notes a decision for the record of its case, with who it was as AWS knows them: the name that a shell gives
 * is one that anybody can choose. Never rejects.
 */
export const noteDecision = async (
  log: Log,
  region: string,
  tableName: string,
  { caseId, instanceId, outcome, sentence, detail }: Decided,
): Promise<void> => {
  const caseTableName = Promise.resolve(tableName);
  const keeping = personJournal({ clock: systemClock, log }, region, { caseTableName });
  const at = systemClock.now().toISOString();
  const entry = { kind: 'decision' as const, at, outcome, sentence, detail };
  await keepNotes(keeping, { accountId: '', region, instanceId }, [{ of: { caseId }, entry }]);
};
