import * as z from 'zod/mini';
import type { Case, Trigger } from '../case/case.ts';
import { caseIdFor } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { ReportInput } from '../case/report.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { stepEntries } from './step-entries.ts';

const schema = z.object({
  execution: z.object({
    arn: z.string(),
    input: z.looseObject({ instanceId: z.optional(z.unknown()) }),
  }),
  steps: z.array(z.unknown()),
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

/**
 * The event of report: the execution and the entries of its steps.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseReportEvent = (
  event: unknown,
  now: Date,
): Omit<ReportInput, 'settingWarnings'> => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The steps of the case cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { execution, steps, finished } = parsed.data;
  return {
    case: caseOf(execution.arn, execution.input, now),
    steps: stepEntries(steps),
    finished,
    now,
  };
};
