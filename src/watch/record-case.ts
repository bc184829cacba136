import { underCase, underNoCase } from '../aws/current-case.ts';
import { note } from '../aws/current-journal.ts';
import { defined } from '../case/defined.ts';
import type { DriftNews } from '../case/drift-news.ts';
import type { FoundCase } from '../find-case.ts';
import { caseTag } from '../record/trail/keys.ts';
import { taggedCaseId } from '../record/trail/tagged-case.ts';
import type { DriftDeps } from './result.ts';
import { tell } from './tell.ts';

/** The case that a sealed trail names: what a tag says by itself, whoever owns the host may have written. */
const sealedCase = ({ before: { instance }, seals }: FoundCase, now: Date): string | undefined => {
  const named = taggedCaseId(instance, now);
  return seals[instance.id]?.state === 'sealed' && instance.tags[caseTag] === named
    ? named
    : undefined;
};

/**
 * The case in whose record the watch writes what it sees and does of an instance: the one that the table has
 * open, or else the one that a sealed trail names. Undefined where nothing but tags names one: a record would
 * be begun for a case that never was.
 */
export const recordCaseOf = async (
  deps: Pick<DriftDeps, 'openInTable' | 'clock'>,
  instanceId: string,
  found?: FoundCase,
): Promise<string | undefined> =>
  (await deps.openInTable()).get(instanceId) ??
  (found === undefined ? undefined : sealedCase(found, deps.clock.now()));

/** Does work whose calls belong into the record of a case, if there is one. */
export const inRecordOf = <Result>(
  recordCase: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> => (recordCase === undefined ? underNoCase(work) : underCase(recordCase, work));

/**
 * Tells people and programs, and the record of the case.
 *
 * @throws NotificationRefusedError when SNS does not take it; the record has it all the same.
 */
export const tellAndRecord = async (
  deps: DriftDeps,
  recordCase: string | undefined,
  news: DriftNews,
): Promise<void> => {
  const { kind, at, what, who, doubt, proof } = news;
  const detail = { who, doubt, proof };
  if (recordCase !== undefined) {
    note({ kind: 'drift', at, outcome: kind, sentence: what, detail }, recordCase);
  }
  await inRecordOf(recordCase, () => tell(deps, { ...news, ...defined({ caseId: recordCase }) }));
};
