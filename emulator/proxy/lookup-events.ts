import * as z from 'zod/mini';
import type { Answer } from './fault-answers.ts';
import type { EventResource } from './management-events.ts';
import { json } from './respond.ts';
import type { CallParams } from './traffic.ts';

/** An event as `LookupEvents` answers it. */
export interface FoundEvent {
  readonly EventId: string;
  readonly EventName: string;
  readonly ReadOnly: string;
  readonly AccessKeyId: string;
  /** In seconds since 1970. */
  readonly EventTime: number;
  readonly EventSource: string;
  readonly Username: string;
  readonly Resources: readonly EventResource[];
  readonly CloudTrailEvent: string;
}

const most = 50;

const asked = z.object({
  LookupAttributes: z._default(
    z.array(z.object({ AttributeKey: z.string(), AttributeValue: z.string() })),
    [],
  ),
  StartTime: z._default(z.number(), 0),
  EndTime: z._default(z.number(), Number.MAX_SAFE_INTEGER),
  EventCategory: z.optional(z.string()),
  MaxResults: z._default(z.number(), most),
  NextToken: z.optional(z.string()),
});

type Asked = z.infer<typeof asked>;

type Attribute = Asked['LookupAttributes'][number];

type Values = (event: FoundEvent) => readonly string[];

const attributes: Readonly<Record<string, Values>> = {
  EventId: ({ EventId }) => [EventId],
  EventName: ({ EventName }) => [EventName],
  ReadOnly: ({ ReadOnly }) => [ReadOnly],
  Username: ({ Username }) => [Username],
  ResourceType: ({ Resources }) => Resources.map(({ ResourceType }) => ResourceType),
  ResourceName: ({ Resources }) => Resources.map(({ ResourceName }) => ResourceName),
  EventSource: ({ EventSource }) => [EventSource],
  AccessKeyId: ({ AccessKeyId }) => [AccessKeyId],
};

const isAttribute = ({ AttributeKey, AttributeValue }: Attribute): boolean =>
  Object.hasOwn(attributes, AttributeKey) &&
  AttributeValue.length > 0 &&
  AttributeValue.length <= 2_000;

const refused = (code: string, message: string): Answer =>
  json(400, { __type: code, message }, { 'x-amzn-errortype': code });

/** The error that AWS answers to what cannot be asked. */
const complaint = (given: Asked): Answer | undefined => {
  const { LookupAttributes, StartTime, EndTime, EventCategory, MaxResults } = given;
  if (LookupAttributes.length > 1 || !LookupAttributes.every(isAttribute)) {
    return refused('InvalidLookupAttributesException', 'A lookup attribute is not valid.');
  }
  if (StartTime > EndTime) {
    return refused('InvalidTimeRangeException', 'The start time is after the end time.');
  }
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > most) {
    return refused('InvalidMaxResultsException', `MaxResults is from 1 to ${most}.`);
  }
  if (EventCategory !== undefined && EventCategory !== 'insight') {
    return refused('InvalidEventCategoryException', 'The event category is not valid.');
  }
  return undefined;
};

/** A token names the last event of its page, and what was asked. */
const tokenOf = (given: Asked, last: FoundEvent | undefined): string => {
  const { NextToken: _, ...same } = given;
  return Buffer.from(JSON.stringify([last?.EventId, same])).toString('base64');
};

const pageOf = (found: readonly FoundEvent[], given: Asked): Answer => {
  const { NextToken, MaxResults } = given;
  const before =
    NextToken === undefined ? -1 : found.findIndex((one) => tokenOf(given, one) === NextToken);
  if (NextToken !== undefined && before < 0) {
    return refused('InvalidNextTokenException', 'The token is not valid.');
  }
  const left = found.slice(before + 1);
  const Events = left.slice(0, MaxResults);
  return json(200, {
    Events,
    ...(left.length > MaxResults ? { NextToken: tokenOf(given, Events.at(-1)) } : {}),
  });
};

/**
 * Answers `LookupEvents` as AWS documents it.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 *
 * @param events the newest first.
 */
export const answerLookup = (events: readonly FoundEvent[], params: CallParams): Answer => {
  const { data } = asked.safeParse(params);
  if (data === undefined) return refused('SerializationException', 'The request is not readable.');
  const wrong = complaint(data);
  if (wrong !== undefined) return wrong;
  const { LookupAttributes, StartTime, EndTime, EventCategory } = data;
  const fits = (event: FoundEvent): boolean =>
    EventCategory === undefined &&
    event.EventTime >= StartTime &&
    event.EventTime <= EndTime &&
    LookupAttributes.every(({ AttributeKey, AttributeValue }) =>
      attributes[AttributeKey]?.(event).includes(AttributeValue),
    );
  return pageOf(events.filter(fits), data);
};
