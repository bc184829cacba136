import * as z from 'zod/mini';
import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { isCaseIdOf } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';
import type { EvidenceInput } from './kind.ts';

const about = {
  case: z.looseObject({
    caseId: z.string(),
    instanceId: instanceIdSchema,
    accountId: z.string().check(z.regex(/^\d{12}$/)),
    region: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)),
  }),
  before: z.looseObject({ instance: z.looseObject({}), readAt: z.string() }),
};

/** What the Map of the machine leaves of one collector. */
const collectedSchema = z.object({
  collector: z.string(),
  progress: z.looseObject({
    outcome: z.optional(z.string()),
    sentence: z.optional(z.string()),
    Error: z.optional(z.string()),
    Cause: z.optional(z.string()),
  }),
  /** What was cut once memory had ended. */
  after: z.optional(z.unknown()),
});

const schema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('begin'), ...about }),
  z.object({ verb: z.literal('collect'), collector: z.string(), ...about }),
  z.object({ verb: z.literal('follow'), collector: z.string(), state: z.unknown(), ...about }),
  z.object({ verb: z.literal('conclude'), collected: z.array(collectedSchema), ...about }),
]);

/** How a collector ended as the machine has it: its last progress, or the failure of its function. */
export type Collected = z.infer<typeof collectedSchema>;

/** What the machine that collects evidence asks of its function. */
export type EvidenceEvent =
  | ({ readonly verb: 'begin' } & EvidenceInput)
  | ({ readonly verb: 'collect'; readonly collector: string } & EvidenceInput)
  | ({
      readonly verb: 'follow';
      readonly collector: string;
      readonly state: unknown;
    } & EvidenceInput)
  | ({ readonly verb: 'conclude'; readonly collected: readonly Collected[] } & EvidenceInput);

/** @throws UnintelligibleEventError for anything that the machine does not send. */
export const parseEvidenceEvent = (event: unknown): EvidenceEvent => {
  const { data, error } = schema.safeParse(event, { reportInput: true });
  if (data === undefined || !isCaseIdOf(data.case.caseId, data.case.instanceId)) {
    const why = error === undefined ? 'its case is of another instance' : complaintOf(error);
    throw new UnintelligibleEventError(`What to collect cannot be read (${why}).`);
  }
  const known = {
    case: data.case as unknown as Case,
    before: data.before as unknown as Before,
  };
  return { ...data, ...known };
};
