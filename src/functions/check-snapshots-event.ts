import * as z from 'zod/mini';
import { defined } from '../case/defined.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { CheckSnapshotsInput } from '../steps/check-snapshots.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';

const schema = z.object({
  instanceId: instanceIdSchema,
  caseId: z.optional(z.string()),
  waitedSeconds: z.optional(z.number()),
});

/**
 * The input of check-snapshots: `{"instanceId"}`, or what the state machine knows.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseCheckSnapshotsEvent = (event: unknown): CheckSnapshotsInput => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The input cannot be read (${complaintOf(parsed.error)}). Accepted is {"instanceId": "i-…"}.`,
    );
  }
  const { instanceId, caseId, waitedSeconds } = parsed.data;
  return {
    instanceId,
    ...defined({ caseId, waitedSeconds }),
  };
};
