import * as z from 'zod/mini';
import { accountIdSchema, filled, lenient, lenientList, regionSchema } from '../schema.ts';

/**
 * The fields of an alarm's change of state that decide something
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html).
 */
const dimensionsSchema = z.record(z.string(), z.catch(z.nullable(z.string()), null));

const metricSchema = z.object({
  metricStat: lenient(
    z.object({ metric: lenient(z.object({ dimensions: lenient(dimensionsSchema) })) }),
  ),
});

const stateSchema = z.object({
  value: lenient(z.string()),
  reasonData: lenient(z.string()),
  timestamp: lenient(z.string()),
});

export const alarmSchema = z.object({
  alarmName: filled,
  state: lenient(stateSchema),
  configuration: lenient(
    z.object({ metrics: lenientList(metricSchema), alarmRule: lenient(z.string()) }),
  ),
  // A change of one series of an alarm that watches many.
  alarmContributor: lenient(z.object({ attributes: lenient(dimensionsSchema) })),
  muteDetail: z.optional(z.unknown()),
});

export const alarmEventSchema = z.object({
  account: lenient(accountIdSchema),
  region: lenient(regionSchema),
  resources: lenientList(z.string()),
  detail: alarmSchema,
});

/** One of the alarms that made a composite one change. */
export const triggeringSchema = z.object({
  arn: z.string(),
  state: lenient(z.object({ value: lenient(z.string()) })),
});

export type Alarm = z.infer<typeof alarmSchema>;
