import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Arrival } from '../../case/arrival.ts';
import { arrivalMetrics, arrivalNamespace, topicNameOf } from '../../case/arrival.ts';

export const arrivalPermissions = ['cloudwatch:GetMetricStatistics'] as const;

const hour = 3_600_000;

/** How far it is looked back, in milliseconds: CloudWatch answers with at most 1,440 figures. */
const farthest = 14 * 24 * hour;

/**
 * When such an event arrived last, to the hour; undefined where none did in a fortnight. The later end
 * of the hour is never in the future.
 */
export const lastArrival = async (
  client: CloudWatchClient,
  arrival: Arrival,
  topicArn: string,
  now: Date,
): Promise<Date | undefined> => {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: arrivalNamespace,
      MetricName: arrivalMetrics[arrival],
      Dimensions: [
        { Name: 'service', Value: 'cordon' },
        { Name: 'topic', Value: topicNameOf(topicArn) },
      ],
      StartTime: new Date(now.getTime() - farthest),
      EndTime: now,
      Period: hour / 1_000,
      Statistics: ['Sum'],
    }),
  );
  const times = Datapoints.filter(({ Sum = 0 }) => Sum > 0).map(
    ({ Timestamp }) => Timestamp?.getTime() ?? 0,
  );
  return times.length === 0 ? undefined : new Date(Math.max(...times));
};

/** How long ago, in seconds. */
export const secondsSince = (then: Date, now: Date): number =>
  Math.max(0, (now.getTime() - then.getTime()) / 1_000);
