import { asCordonError } from './aws/errors.ts';
import { CaseNotOpenError } from './case/errors.ts';
import { oneLine } from './case/one-line.ts';
import type { Ownership } from './case/review.ts';
import type { Table } from './record/case-table/condition.ts';
import type { KnownCase } from './record/case-table/known-cases.ts';
import type { Taking } from './record/case-table/owner.ts';
import { takeCase } from './record/case-table/owner.ts';
import { findItem } from './record/case-table/question-item.ts';

/** The instance that is meant, and the case if it was named. */
interface Subject {
  readonly instanceId: string;
  readonly caseId?: string;
}

/** A case that somebody looks after from now on. */
export interface Taken {
  readonly caseId: string;
  readonly instanceId: string;
  readonly ownership: Ownership;
  /** Who had it before. */
  readonly former?: Ownership;
}

const unknown = (instanceId: string): CaseNotOpenError =>
  new CaseNotOpenError(
    `The case table of the stack knows no case of ${instanceId}: look with cordon status.`,
  );

const refusalOf = (caseId: string, { instanceId, before }: Taking & Subject): CaseNotOpenError => {
  if (before === undefined) return unknown(instanceId);
  return before.caseId === caseId
    ? new CaseNotOpenError(
        `The case ${caseId} is ${oneLine(before.status)}: nobody has to look after it any more.`,
      )
    : new CaseNotOpenError(
        `The case of ${instanceId} is ${oneLine(before.caseId)} by now, not ${caseId}: take that one.`,
      );
};

const caseIdOf = async (table: Table, { instanceId, caseId }: Subject): Promise<string> => {
  if (caseId !== undefined) return caseId;
  const item = await findItem(table, instanceId);
  if (item === undefined) throw unknown(instanceId);
  return item.caseId;
};

/**
 * Makes somebody the owner of the open case of an instance. Whoever had it before has it no more.
 *
 * @throws CaseNotOpenError where the table knows no such case, or it has ended.
 * @throws AwsDeniedError, AwsUnavailableError and their kin when AWS does not answer.
 */
export const takeOpenCase = async (
  table: Table,
  subject: Subject,
  ownership: Ownership,
): Promise<Taken> => {
  const { instanceId } = subject;
  const attempt = async (): Promise<{ caseId: string; taking: Taking }> => {
    const caseId = await caseIdOf(table, subject);
    return { caseId, taking: await takeCase(table, { instanceId, caseId }, ownership) };
  };
  const { caseId, taking } = await attempt().catch((error: unknown) => {
    throw asCordonError(error, 'Nobody has taken it: asking the case table');
  });
  if (!taking.taken) throw refusalOf(caseId, { ...taking, instanceId });
  const former: KnownCase['ownership'] = taking.before?.ownership;
  return { caseId, instanceId, ownership, ...(former === undefined ? {} : { former }) };
};
