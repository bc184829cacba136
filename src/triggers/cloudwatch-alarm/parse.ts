import { defined } from '../../case/defined.ts';
import { UnintelligibleEventError } from '../../case/errors.ts';
import { complaintOf } from '../complaint.ts';
import type { ContainmentRequest, NamedInstance } from '../containment-request.ts';
import { instanceIdSchema, momentSchema, plausibleMoment } from '../schema.ts';
import type { Alarm } from './schema.ts';
import { alarmEventSchema, triggeringSchema } from './schema.ts';

/** Ids in the dimension `InstanceId` of whatever the alarm is computed from. */
const instanceIdsOf = ({ configuration, alarmContributor }: Alarm): readonly string[] => {
  const dimensions = [
    alarmContributor?.attributes,
    ...(configuration?.metrics ?? []).map((one) => one?.metricStat?.metric?.dimensions),
  ];
  return [
    ...new Set(
      dimensions.flatMap((one) => {
        const id = instanceIdSchema.safeParse(one?.InstanceId);
        return id.success ? [id.data] : [];
      }),
    ),
  ];
};

const reasonDataOf = (text: string | null | undefined): unknown => {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
};

/** ARNs of the alarms that made a composite one change, at most 100. */
const triggeringAlarms = ({ state, configuration }: Alarm): readonly string[] => {
  if (typeof configuration?.alarmRule !== 'string') return [];
  const data = reasonDataOf(state?.reasonData);
  const list =
    typeof data === 'object' && data !== null && 'triggeringAlarms' in data
      ? data.triggeringAlarms
      : [];
  return (Array.isArray(list) ? list : [])
    .flatMap((one: unknown) => {
      const { data } = triggeringSchema.safeParse(one);
      return data === undefined || (data.state?.value ?? 'ALARM') !== 'ALARM' ? [] : [data.arn];
    })
    .slice(0, 100);
};

/** An alarm that names no instance itself: asked for, or told where the settings name the alarm. */
const withoutInstance = (
  alarms: readonly string[],
): Pick<ContainmentRequest, 'alarms' | 'unread'> =>
  alarms.length > 0
    ? { alarms }
    : { unread: { why: 'its metrics have no dimension InstanceId that can be read', clues: [] } };

/** Why nobody is contained for an alarm that is computed from several instances. */
export const ambiguousAlarm = (count: number): string =>
  `The alarm is about ${count} instances, and does not say which of them.`;

/** Why the alarm is no reason to contain anybody, whatever the settings say. */
const dismissalOf = (alarm: Alarm, ids: readonly string[]): string | undefined => {
  const state = alarm.state?.value;
  if (state !== 'ALARM') return `The alarm is not in ALARM: it is ${state ?? 'in no known state'}.`;
  if (alarm.muteDetail !== undefined && alarm.muteDetail !== null) return 'The alarm is muted.';
  return ids.length > 1 ? ambiguousAlarm(ids.length) : undefined;
};

/**
 * A CloudWatch alarm that changed its state. Whoever made the alarm chose the dimension, and an alarm
 * is no evidence of a compromise: the policy contains by names of alarms alone.
 *
 * @throws UnintelligibleEventError when the alarm's name cannot be read.
 */
export const parseAlarm = (event: unknown, now: Date): ContainmentRequest => {
  const parsed = alarmEventSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The CloudWatch alarm cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { account, region, resources, detail } = parsed.data;
  const ids = instanceIdsOf(detail);
  const place = defined({ accountId: account ?? undefined, region: region ?? undefined });
  const changedAt = momentSchema.safeParse(detail.state?.timestamp);
  const alarms = triggeringAlarms(detail);
  return {
    trigger: {
      source: 'cloudwatch-alarm',
      id: resources?.[0] ?? detail.alarmName,
      type: detail.alarmName,
      severity: null,
      at: plausibleMoment([changedAt.data], now),
    },
    subject: {
      source: 'cloudwatch-alarm',
      type: detail.alarmName,
      severity: null,
      sample: false,
      archived: false,
      ...defined({
        dismissal: dismissalOf(detail, ids),
        isAmbiguous: (detail.state?.value === 'ALARM' && ids.length > 1) || undefined,
      }),
    },
    instances: ids.map((instanceId): NamedInstance => ({ instanceId, ...place, tags: {} })),
    ...(ids.length === 0 ? withoutInstance(alarms) : {}),
    dryRun: false,
  };
};
