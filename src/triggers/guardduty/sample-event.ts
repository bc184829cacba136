import { isSample } from './sample.ts';
import { guarddutyEventSchema } from './schema.ts';

/**
 * Whether GuardDuty itself sent this event, about a sample: then its findings reach Cordon. Nobody else
 * can put an event whose source begins with `aws.`
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html).
 */
export const isSampleEvent = (event: unknown): boolean => {
  const parsed = guarddutyEventSchema.safeParse(event);
  if (!parsed.success) return false;
  const { source, detail } = parsed.data;
  return source === 'aws.guardduty' && isSample(detail);
};
