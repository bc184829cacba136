/** What a subscription can filter by. */
export interface MessageFacts {
  readonly status: string;
  /** On GuardDuty's scale; null where the source has none. */
  readonly severity?: number | null;
  readonly account?: string;
  readonly region?: string;
  readonly instance?: string;
}

export type MessageAttributes = Readonly<
  Record<string, { readonly DataType: 'String' | 'Number'; readonly StringValue: string }>
>;

/**
 * The attributes of a message, for the filter policies of subscriptions; what is unknown is absent,
 * because SNS refuses an empty value
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html).
 */
export const attributesOf = (facts: MessageFacts): MessageAttributes =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      if (value === undefined || value === null || value === '') return [];
      const DataType = typeof value === 'number' ? ('Number' as const) : ('String' as const);
      return [[name, { DataType, StringValue: String(value) }]];
    }),
  );
