/** What shows, by arriving at intake, that a way to Cordon is open. */
export type Arrival = 'heartbeat' | 'sample';

export const arrivalNamespace = 'Cordon';

/** The metrics that count arrivals, each with the dimensions `service` and `topic`. */
export const arrivalMetrics = {
  heartbeat: 'Heartbeats',
  sample: 'SampleFindings',
} as const satisfies Readonly<Record<Arrival, string>>;

/** The name of a topic, which is the dimension `topic`; by hand, where there is none, `none`. */
export const topicNameOf = (topicArn: string): string => topicArn.split(':')[5] ?? 'none';
