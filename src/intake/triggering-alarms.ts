import type { Dimension, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { ambiguousAlarm } from '../triggers/cloudwatch-alarm/parse.ts';
import type { ContainmentRequest } from '../triggers/containment-request.ts';
import { reasonToSkip } from '../triggers/policy.ts';
import { instanceIdSchema } from '../triggers/schema.ts';

export const alarmPermissions = ['cloudwatch:DescribeAlarms'] as const;

/** How long the alarms behind a composite one are waited for, in milliseconds. */
const patience = 3_000;

/** `arn:aws:cloudwatch:<Region>:<account>:alarm:<name>`, of this account and Region. */
const nameOf = (arn: string, place: { readonly region: string; readonly accountId: string }) => {
  const parts = arn.split(':');
  const isHere = parts[3] === place.region && parts[4] === place.accountId && parts[5] === 'alarm';
  return isHere ? parts.slice(6).join(':') : '';
};

const idsIn = ({ Dimensions = [], Metrics = [] }: MetricAlarm): readonly string[] => {
  const all: readonly Dimension[] = [
    ...Dimensions,
    ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  return all.flatMap(({ Name, Value }) => {
    const id = instanceIdSchema.safeParse(Value);
    return Name === 'InstanceId' && id.success ? [id.data] : [];
  });
};

const withInstances = (
  request: ContainmentRequest,
  ids: readonly string[],
): ContainmentRequest => ({
  ...request,
  instances: ids.map((instanceId) => ({ instanceId, tags: {} })),
  subject:
    ids.length > 1
      ? { ...request.subject, dismissal: ambiguousAlarm(ids.length), isAmbiguous: true }
      : request.subject,
  ...(ids.length === 0
    ? { unread: { why: 'the alarms behind it name no instance', clues: [] } }
    : {}),
});

/**
 * A composite alarm names its children alone; what they are about is read from CloudWatch, where the
 * settings let the alarm contain at all
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html). What
 * cannot be read is told.
 */
export const withTriggeringAlarms = async (
  { clients, clock, log, settings }: Deps<'cloudWatch'>,
  place: { readonly region: string; readonly accountId: string },
  request: ContainmentRequest,
): Promise<ContainmentRequest> => {
  const { alarms = [], subject } = request;
  const names = alarms.map((arn) => nameOf(arn, place)).filter((name) => name !== '');
  if (names.length === 0 || reasonToSkip(subject, settings) !== undefined) return request;
  try {
    const { MetricAlarms = [] } = await giveUpAfter(clock, patience, () =>
      clients.cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: names, AlarmTypes: ['MetricAlarm'] }),
      ),
    );
    return withInstances(request, [...new Set(MetricAlarms.flatMap(idsIn))]);
  } catch (error) {
    log.error('the alarms behind a composite one could not be read', { error: inWords(error) });
    return { ...request, unread: { why: 'the alarms behind it could not be read', clues: [] } };
  }
};
