import * as z from 'zod/mini';
import type { Case, Trigger } from '../case/case.ts';
import { caseIdFor } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import { askDefaults, askedElsewhere } from '../case/question.ts';
import type { ReportInput } from '../case/report.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { runEntries } from './run-entries.ts';

/** The end of a case has the execution's input, which is all there is where describe failed. */
const atTheEnd = z.object({
  execution: z.string(),
  input: z.looseObject({}),
  run: z.looseObject({}),
  finished: z.boolean(),
});

/** Beside the cut the case is known. */
const underWay = z.object({
  case: z.looseObject({ caseId: z.string(), instanceId: z.string() }),
  run: z.looseObject({}),
  finished: z.boolean(),
});

/** `arn:aws:states:<region>:<account>:execution:…` */
const placeOf = (arn: string): { region: string; accountId: string } => {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return { region, accountId };
};

/** The case as the execution's input has it, its gaps filled: needed when describe failed. */
const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

const isTrigger = (value: unknown): value is Trigger =>
  typeof value === 'object' &&
  value !== null &&
  ['source', 'id', 'type', 'at'].every(
    (key) => typeof (value as Record<string, unknown>)[key] === 'string',
  );

const caseOf = (arn: string, input: Readonly<Record<string, unknown>>, now: Date): Case => {
  const instanceId = textOr(input.instanceId, 'unknown');
  const place = placeOf(arn);
  return {
    caseId: textOr(input.caseId, caseIdFor(instanceId, now)),
    instanceId,
    accountId: textOr(input.accountId, place.accountId),
    region: textOr(input.region, place.region),
    trigger: isTrigger(input.trigger)
      ? input.trigger
      : {
          source: 'manual',
          id: 'by-hand',
          type: 'manual',
          severity: null,
          at: now.toISOString(),
        },
    dryRun: input.dryRun === true,
  };
};

/** What the machine has of a question that another one asks now. */
const askedSchema = z.object({
  ask: z.object({ ExecutionArn: z.string() }),
  describe: z.object({
    detail: z.object({
      question: z.object({
        reason: z.string(),
        halfSeconds: z.number(),
        otherwise: z.enum(askDefaults),
        asks: z.boolean(),
        status: z.enum(['asked', 'skipped']),
      }),
    }),
  }),
});

const questionIn = (run: object, now: Date): Pick<ReportInput, 'question'> => {
  const { data } = askedSchema.safeParse(run);
  return data === undefined
    ? {}
    : { question: askedElsewhere(data.describe.detail.question, data.ask.ExecutionArn, now) };
};

/**
 * The event of report: the case or the execution, and the state of its run.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseReportEvent = (
  event: unknown,
  now: Date,
): Omit<ReportInput, 'settingWarnings'> => {
  const early = underWay.safeParse(event);
  if (early.success) {
    const { case: theCase, run, finished } = early.data;
    return { case: theCase as unknown as Case, steps: runEntries(run, now), finished, now };
  }
  const parsed = atTheEnd.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The run of the case cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { execution, input, run, finished } = parsed.data;
  return {
    ...{ case: caseOf(execution, input, now), steps: runEntries(run, now), finished, now },
    ...questionIn(run, now),
  };
};

/** What a report is made beside: the first word, the end of the run, or the end of its snapshots. */
export const occasionOfReport = ({
  finished,
  steps,
}: Pick<ReportInput, 'finished' | 'steps'>): 'cut' | 'end' | 'evidence' => {
  if (!finished) return 'cut';
  return steps.some(({ step }) => step === 'check-snapshots') ? 'evidence' : 'end';
};
