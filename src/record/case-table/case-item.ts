import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Case } from '../../case/case.ts';
import { keyOf } from './item-key.ts';

/** After these a finding about the same instance is a new case. */
export const endedStatuses = ['released', 'closed'] as const;

/** The status of a case that the brake holds back: nobody answers it, it goes on by itself. */
export const heldStatus = 'held';

/** Until the first message of its run a case is being opened; then it bears the status of its report. */
export const openingStatus = 'opening';

/** A person is asked; nothing is cut until somebody answers, or nobody does in time. */
export const askedStatus = 'asked';

/** A person said that the instance is not cut off. */
export const refusedStatus = 'refused';

/** Everything automatic was stopped when the finding came; its evidence was kept. */
export const stoppedStatus = 'stopped';

/** Statuses under which nobody was cut yet, and nobody is being cut. */
export const isUncut = (status: string): boolean =>
  [heldStatus, askedStatus, refusedStatus, stoppedStatus].includes(status);

/** Whether the run of a case is still on its way to the cut, as far as the table knows. */
export const isBeforeTheCut = (status: string): boolean =>
  isUncut(status) || status === openingStatus || status === 'running';

/** One instance in the case table: its open case, or the last one. */
export interface CaseItem {
  readonly instanceId: string;
  readonly caseId: string;
  /** The status of a report; before there is one `opening`, or `held` while the brake holds it back. */
  readonly status: string;
  /** The exact input of the execution, so that whoever comes later can start what nobody started. */
  readonly input: string;
  /** How many runs were begun; the first execution bears the id of the case. */
  readonly runs: number;
  /** When the case was opened, ISO 8601 in UTC. */
  readonly openedAt: string;
  /** When the instance was cut first, ISO 8601; absent before. */
  readonly cutAt?: string;
  /** The question that waits: what Step Functions is answered with, and until when (ISO 8601). */
  readonly question?: { readonly token: string; readonly until: string };
  /** What a person refused: until when that stands (ISO 8601), and up to which severity. */
  readonly refusal?: { readonly until: string; readonly severity: number; readonly by: string };
}

const text = z.object({ S: z.string() });
const number = z.object({ N: z.string().check(z.regex(/^\d{1,9}$/)) });

const itemSchema = z.object({
  caseId: text,
  status: text,
  input: text,
  runs: number,
  openedAt: text,
  cutAt: z.optional(text),
});

const questionSchema = z.object({ token: text, askedUntil: text });

const refusalSchema = z.object({
  refusedUntil: text,
  refusedSeverity: z.object({ N: z.string().check(z.regex(/^-?\d{1,3}(?:\.\d{1,9})?$/)) }),
  refusedBy: text,
});

const questionIn = (attributes: unknown): Pick<CaseItem, 'question'> => {
  const { data } = questionSchema.safeParse(attributes);
  return data === undefined ? {} : { question: { token: data.token.S, until: data.askedUntil.S } };
};

const refusalIn = (attributes: unknown): Pick<CaseItem, 'refusal'> => {
  const { data } = refusalSchema.safeParse(attributes);
  if (data === undefined) return {};
  const { refusedUntil, refusedSeverity, refusedBy } = data;
  return {
    refusal: { until: refusedUntil.S, severity: Number(refusedSeverity.N), by: refusedBy.S },
  };
};

/** The item as DynamoDB has it; undefined where it is none that Cordon wrote. */
export const readItem = (
  instanceId: string,
  attributes: Record<string, AttributeValue> | undefined,
): CaseItem | undefined => {
  const { data } = itemSchema.safeParse(attributes);
  return data === undefined
    ? undefined
    : {
        instanceId,
        caseId: data.caseId.S,
        status: data.status.S,
        input: data.input.S,
        runs: Number(data.runs.N),
        openedAt: data.openedAt.S,
        ...(data.cutAt === undefined ? {} : { cutAt: data.cutAt.S }),
        ...questionIn(attributes),
        ...refusalIn(attributes),
      };
};

/** The name of the latest execution of a case: `<caseId>`, then `<caseId>-r2`. */
export const executionNameOf = ({ caseId, runs }: Pick<CaseItem, 'caseId' | 'runs'>): string =>
  runs <= 1 ? caseId : `${caseId}-r${runs}`;

/** What is written when a case is opened. */
export const newItem = (theCase: Case, now: Date): Record<string, AttributeValue> => ({
  ...keyOf(theCase.instanceId),
  caseId: { S: theCase.caseId },
  status: { S: openingStatus },
  input: { S: JSON.stringify(theCase) },
  runs: { N: '1' },
  openedAt: { S: now.toISOString() },
});
