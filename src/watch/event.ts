import * as z from 'zod/mini';
import { UnintelligibleEventError } from '../case/errors.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema, momentSchema } from '../triggers/schema.ts';

/** A call that somebody made, as CloudTrail tells it. */
export interface RecordedCall {
  readonly name: string;
  readonly at: string;
  /** The principal, or how the call came. */
  readonly by: string;
  readonly from: string;
  readonly eventId: string;
  /** It wrote or erased tags of the trail. */
  readonly ofTheTrail: boolean;
  /** Request and answer, in which the ids of what was touched stand. */
  readonly text: string;
}

export type DriftEvent =
  | { readonly kind: 'check' }
  | { readonly kind: 'transition' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'call'; readonly call: RecordedCall }
  | {
      readonly kind: 'state';
      readonly instanceId: string;
      readonly state: string;
      readonly at: string;
    };

const scheduled = z.object({ drift: z.enum(['check', 'transition', 'prepare']) });

const stateChange = z.object({
  'detail-type': z.literal('EC2 Instance State-change Notification'),
  time: momentSchema,
  detail: z.object({ 'instance-id': instanceIdSchema, state: z.string() }),
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const recordedCall = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.object({
    eventName: z.string(),
    eventTime: momentSchema,
    eventID: z.optional(z.string()),
    sourceIPAddress: z.optional(z.string()),
    errorCode: z.optional(z.string()),
    userIdentity: z.optional(
      z.object({
        type: z.optional(z.string()),
        arn: z.optional(z.string()),
        invokedBy: z.optional(z.string()),
      }),
    ),
    requestParameters: z.optional(z.unknown()),
    responseElements: z.optional(z.unknown()),
  }),
});

const eventSchema = z.union([scheduled, stateChange, recordedCall]);

/**
 * What the drift function is started for.
 *
 * @throws UnintelligibleEventError for anything but its schedules and its two rules.
 */
export const parseDriftEvent = (event: unknown): DriftEvent => {
  const parsed = eventSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The event is none of drift's (${complaintOf(parsed.error)}). Accepted is {"drift": "check"}, {"drift": "transition"}, {"drift": "prepare"}, an EC2 state change, or a call recorded by CloudTrail.`,
    );
  }
  const { data } = parsed;
  if ('drift' in data) return { kind: data.drift };
  if (data['detail-type'] === 'EC2 Instance State-change Notification') {
    const { 'instance-id': instanceId, state } = data.detail;
    return { kind: 'state', instanceId, state, at: data.time };
  }
  const { detail } = data;
  return {
    kind: 'call',
    call: {
      name: detail.eventName,
      at: detail.eventTime,
      by: detail.userIdentity?.arn ?? detail.userIdentity?.invokedBy ?? 'somebody unnamed',
      from: detail.sourceIPAddress ?? 'an unknown address',
      eventId: detail.eventID ?? 'unknown',
      ofTheTrail:
        // DeleteTags without keys deletes all of them.
        detail.eventName === 'DeleteTags' ||
        (detail.eventName === 'CreateTags' &&
          JSON.stringify(detail.requestParameters ?? '').includes('cordon:')),
      // A call that was refused touched nothing.
      text:
        detail.errorCode === undefined
          ? JSON.stringify([detail.requestParameters, detail.responseElements])
          : '',
    },
  };
};
