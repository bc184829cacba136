import * as z from 'zod/mini';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { CaseReport } from '../case/report.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';

/** As much of a case report as a message cannot do without. */
const schema = z.looseObject({
  caseId: z.string(),
  instanceId: instanceIdSchema,
  accountId: z.string(),
  region: z.string(),
  status: z.string(),
  reason: z.string(),
  cut: z.string(),
  trigger: z.looseObject({ source: z.string(), type: z.string(), at: z.string() }),
  steps: z.array(
    z.looseObject({ step: z.string(), outcome: z.string(), detail: z.looseObject({}) }),
  ),
  proof: z.array(z.looseObject({ control: z.string(), observed: z.string() })),
  residualRisks: z.array(
    z.object({ risk: z.string(), explanation: z.string(), remedy: z.string() }),
  ),
  undo: z.string(),
});

/**
 * The event of notify: a case report.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseCaseReport = (event: unknown): CaseReport => {
  const parsed = schema.safeParse(event);
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The event is no case report (${complaintOf(parsed.error)}). Accepted is what the state machine or ContainFunction puts out.`,
    );
  }
  return event as CaseReport;
};
