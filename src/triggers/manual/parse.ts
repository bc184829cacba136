import * as z from 'zod/mini';
import { byHand } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import { UnintelligibleEventError } from '../../case/errors.ts';
import { isolationProfiles } from '../../case/isolation-profile.ts';
import { complaintOf } from '../complaint.ts';
import type { ContainmentRequest } from '../containment-request.ts';
import { accountIdSchema, instanceIdSchema, momentSchema, regionSchema } from '../schema.ts';

const manualSchema = z.strictObject({
  instanceId: instanceIdSchema,
  region: z.optional(regionSchema),
  accountId: z.optional(accountIdSchema),
  reason: z.optional(z.string().check(z.maxLength(1000))),
  requestedBy: z.optional(z.string().check(z.maxLength(200))),
  dryRun: z.optional(z.boolean('true or false is accepted, without quotes')),
  isolationProfile: z.optional(z.enum(isolationProfiles)),
});

const envelopeSchema = z.object({
  source: z.literal('cordon.manual'),
  id: z.optional(z.string()),
  time: z.optional(momentSchema),
  detail: manualSchema,
});

const accepted =
  'Accepted is {"instanceId", "region"?, "accountId"?, "reason"?, "requestedBy"?, "dryRun"?, "isolationProfile"?}';

const requestFor = (
  manual: z.infer<typeof manualSchema>,
  trigger: { id: string; at: string },
): ContainmentRequest => ({
  trigger: {
    source: 'manual',
    id: trigger.id,
    type: 'manual',
    severity: null,
    at: trigger.at,
    ...defined({ requestedBy: manual.requestedBy, reason: manual.reason }),
  },
  subject: { source: 'manual', type: 'manual', severity: null, sample: false, archived: false },
  instances: [
    {
      instanceId: manual.instanceId,
      ...defined({ accountId: manual.accountId, region: manual.region }),
      tags: {},
    },
  ],
  dryRun: manual.dryRun ?? false,
  ...defined({ isolationProfile: manual.isolationProfile }),
});

/**
 * What a person asks for: `{"instanceId": "i-…"}`.
 *
 * @throws UnintelligibleEventError for a malformed id or a key that is not accepted; a misspelt
 * `dryrun` must not contain a server.
 */
export const parseManualRequest = (event: unknown, now: Date): ContainmentRequest => {
  const parsed = manualSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The request cannot be read (${complaintOf(parsed.error)}). ${accepted}.`,
    );
  }
  return requestFor(parsed.data, { id: byHand, at: now.toISOString() });
};

/** An event never passes for a person's request, whatever it says of itself. */
const eventId = (id: string | undefined): string =>
  id === undefined || id === byHand ? 'cordon.manual' : id;

/**
 * The same as the `detail` of an EventBridge event with source `cordon.manual`.
 *
 * @throws UnintelligibleEventError as parseManualRequest does.
 */
export const parseManualEvent = (event: unknown, now: Date): ContainmentRequest => {
  const parsed = envelopeSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The cordon.manual event cannot be read (${complaintOf(parsed.error)}). ${accepted} as its detail.`,
    );
  }
  const { detail, id, time } = parsed.data;
  return requestFor(detail, { id: eventId(id), at: time ?? now.toISOString() });
};
