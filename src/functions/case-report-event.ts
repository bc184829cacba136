import * as z from 'zod/mini';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { CaseReport } from '../case/report.ts';
import { complaintOf } from '../triggers/complaint.ts';

/** As much of a case report as a message cannot do without. */
const schema = z.looseObject({
  caseId: z.string(),
  instanceId: z.string(),
  name: z.optional(z.string()),
  accountId: z.string(),
  region: z.string(),
  status: z.string(),
  reason: z.string(),
  cut: z.string(),
  trigger: z.looseObject({
    source: z.string(),
    type: z.string(),
    at: z.string(),
    severity: z.nullable(z.number()),
    requestedBy: z.optional(z.string()),
    reason: z.optional(z.string()),
  }),
  isolatedAt: z.optional(z.string()),
  secondsToIsolate: z.optional(z.number()),
  secondsFromFinding: z.optional(z.number()),
  steps: z.array(
    z.looseObject({
      step: z.string(),
      outcome: z.string(),
      detail: z.looseObject({}),
      error: z.optional(z.looseObject({ code: z.string(), message: z.string() })),
    }),
  ),
  proof: z.array(
    z.looseObject({
      control: z.string(),
      observed: z.string(),
      holds: z.union([z.boolean(), z.literal(['unknown', 'not-applicable'])]),
    }),
  ),
  residualRisks: z.array(
    z.object({ risk: z.string(), explanation: z.string(), remedy: z.string() }),
  ),
  undo: z.string(),
  isolate: z.optional(z.string()),
});

/**
 * The event of notify: a case report.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseCaseReport = (event: unknown): CaseReport => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The event is no case report (${complaintOf(parsed.error)}). Accepted is what the state machine or ContainFunction puts out.`,
    );
  }
  return event as CaseReport;
};
