import type { CloudTrailClient, Event, LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import { defined } from '../case/defined.ts';
import type { CloudEvent } from '../retelling/cloud-event.ts';
import type { Clock } from './clock.ts';

/** LookupEvents takes two calls a second per account and Region, so that one is made in so many milliseconds. */
const betweenCalls = 500;

const schema = z.object({
  requestID: z.string(),
  eventName: z.string(),
  eventTime: z.string(),
  userAgent: z.optional(z.string()),
  sourceIPAddress: z.optional(z.string()),
  errorCode: z.optional(z.string()),
  userIdentity: z.optional(
    z.object({ arn: z.optional(z.string()), invokedBy: z.optional(z.string()) }),
  ),
});

const eventOf = ({ CloudTrailEvent = '', ReadOnly }: Event): CloudEvent | undefined => {
  if (ReadOnly === 'true') return undefined;
  try {
    const { data } = schema.safeParse(JSON.parse(CloudTrailEvent));
    if (data === undefined) return undefined;
    const { userIdentity = {} } = data;
    return {
      requestId: data.requestID,
      name: data.eventName,
      at: data.eventTime,
      who: userIdentity.arn ?? userIdentity.invokedBy ?? 'unknown',
      from: data.sourceIPAddress ?? 'unknown',
      userAgent: data.userAgent ?? '',
      ...defined({ errorCode: data.errorCode }),
    };
  } catch {
    return undefined;
  }
};

/** From when to when events are looked up. */
export interface Between {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The management events that changed something, by one attribute; slowly, as CloudTrail allows it. An event
 * of AWS itself that nobody called has no request id, and is left out.
 *
 * @throws what CloudTrail answers where it cannot be asked.
 */
export const lookupEvents = async (
  client: CloudTrailClient,
  clock: Clock,
  attribute: Required<LookupAttribute>,
  { from, to }: Between,
): Promise<readonly CloudEvent[]> => {
  const events: CloudEvent[] = [];
  const pages = paginateLookupEvents(
    { client },
    { LookupAttributes: [attribute], StartTime: from, EndTime: to },
  );
  for await (const { Events = [] } of pages) {
    events.push(...Events.flatMap((one) => eventOf(one) ?? []));
    await clock.sleep(betweenCalls);
  }
  return events;
};
