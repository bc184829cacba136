import type { Fields } from '../trigger.ts';
import { isFields } from '../trigger.ts';

export const source = 'aws.cloudwatch';
export const stateChange = 'CloudWatch Alarm State Change';

const envelope = (
  place: { readonly account: unknown; readonly region: unknown; readonly arn: unknown },
  detail: Fields,
): Fields => ({
  source,
  'detail-type': stateChange,
  account: place.account,
  region: place.region,
  resources: [place.arn],
  detail,
});

/** What an alarm invokes a function with, as an action of its own. */
const fromLambdaAction = (event: Fields): Fields | undefined =>
  event.source === source && isFields(event.alarmData)
    ? envelope(
        { account: event.accountId, region: event.region, arn: event.alarmArn },
        event.alarmData,
      )
    : undefined;

/** SNS lists dimensions as `[{"name", "value"}]`, EventBridge as an object. */
const dimensionsOf = (list: unknown): Fields =>
  Object.fromEntries(
    (Array.isArray(list) ? list : []).flatMap((one: unknown) =>
      isFields(one) && typeof one.name === 'string' ? [[one.name, one.value]] : [],
    ),
  );

const metricsOf = (trigger: Fields): readonly Fields[] => {
  const list = Array.isArray(trigger.Metrics)
    ? trigger.Metrics.flatMap((one: unknown) => {
        const stat = isFields(one) ? one.MetricStat : undefined;
        const metric = isFields(stat) ? stat.Metric : undefined;
        return isFields(metric) ? [metric.Dimensions] : [];
      })
    : [trigger.Dimensions];
  return list.map((dimensions) => ({
    metricStat: { metric: { dimensions: dimensionsOf(dimensions) } },
  }));
};

/** `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:name`; the Region stands in words beside it. */
const regionOf = (arn: unknown): unknown => (typeof arn === 'string' ? arn.split(':')[3] : null);

/** What an alarm sends to a topic. */
const fromTopic = (event: Fields): Fields | undefined => {
  if (typeof event.AlarmName !== 'string' || !('NewStateValue' in event)) return undefined;
  const trigger = isFields(event.Trigger) ? event.Trigger : {};
  return envelope(
    { account: event.AWSAccountId, region: regionOf(event.AlarmArn), arn: event.AlarmArn },
    {
      alarmName: event.AlarmName,
      state: {
        value: event.NewStateValue,
        reasonData: event.NewStateReasonData,
        timestamp: event.StateChangeTime,
      },
      configuration: {
        metrics: metricsOf(trigger),
        alarmRule: event.AlarmRule,
      },
    },
  );
};

/** An alarm that came by a topic or as an action of Lambda, as EventBridge would have sent it. */
export const inEnvelope = (event: Fields): Fields | undefined =>
  fromLambdaAction(event) ?? fromTopic(event);
