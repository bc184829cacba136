import * as z from 'zod/mini';
import type { Case } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import { isolationProfiles } from '../case/isolation-profile.ts';
import type { DescribeInput } from '../steps/describe.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';

/** The input of the state machine, everything but the instance optional. */
const schema = z.strictObject({
  instanceId: instanceIdSchema,
  caseId: z.optional(z.string()),
  accountId: z.optional(z.string()),
  region: z.optional(z.string()),
  dryRun: z.optional(z.boolean()),
  isolationProfile: z.optional(z.enum(isolationProfiles)),
  ordered: z.optional(z.literal(true)),
  unlocked: z.optional(z.literal(true)),
  autoScalingGroup: z.optional(z.string()),
  earlier: z.optional(z.object({ status: z.string(), activeAfterCut: z.optional(z.string()) })),
  question: z.optional(
    z.object({
      answer: z.enum(['approved', 'refused', 'unanswered', 'overridden']),
      at: z.string(),
      by: z.optional(z.string()),
      reason: z.optional(z.string()),
    }),
  ),
  // A request by hand, as ContainFunction takes it.
  reason: z.optional(z.string()),
  requestedBy: z.optional(z.string()),
  trigger: z.optional(
    z.object({
      source: z.enum(['guardduty', 'cloudwatch-alarm', 'security-hub', 'manual']),
      id: z.string(),
      type: z.string(),
      severity: z.nullable(z.number()),
      at: z.string(),
      since: z.optional(z.string()),
      remoteAddresses: z.optional(z.array(z.string())),
      hub: z.optional(
        z.union([
          z.object({ format: z.literal('asff'), id: z.string(), productArn: z.string() }),
          z.object({
            format: z.literal('ocsf'),
            id: z.string(),
            accountId: z.string(),
            productUid: z.string(),
          }),
        ]),
      ),
      activity: z.optional(z.enum(['outbound', 'inbound', 'blocked', 'dns'])),
      commonCause: z.optional(z.string()),
      requestedBy: z.optional(z.string()),
      reason: z.optional(z.string()),
    }),
  ),
});

const present = <Value extends object>(value: Value): Partial<Value> =>
  Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as Partial<Value>;

/** What the state machine hands to its first state: its own ARN beside its input. */
const fromMachine = z.strictObject({ execution: z.string(), input: z.unknown() });

/** The execution that asks, and what it was given; by hand there is none. */
export const unwrapMachineEvent = (
  event: unknown,
): { readonly input: unknown; readonly executionArn?: string } => {
  const parsed = fromMachine.safeParse(event);
  if (!parsed.success) return { input: event };
  const { input, execution } = parsed.data;
  // In process the machine's run has a name, and no execution to be asked about.
  return execution.startsWith('arn:') ? { input, executionArn: execution } : { input };
};

/**
 * What describe is asked, from the input of the state machine or from `{"instanceId"}` alone.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseStandaloneEvent = (event: unknown, ownRegion: string): DescribeInput => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The input cannot be read (${complaintOf(parsed.error)}). Accepted is {"instanceId": "i-…"}, or the input of the state machine.`,
    );
  }
  const { instanceId, reason: _reason, requestedBy: _requestedBy, ...rest } = parsed.data;
  return {
    instanceId,
    region: ownRegion,
    case: present(rest) as Partial<Omit<Case, 'instanceId'>>,
  };
};
