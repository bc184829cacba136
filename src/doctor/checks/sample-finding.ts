import { duration } from '../../notify/duration.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import { outputOf } from '../stack-now.ts';
import { arrivalPermissions, lastArrival, secondsSince } from './arrivals.ts';

/**
 * One is made every week, and GuardDuty may tell of it six hours later, as of any finding that it has
 * made before; in seconds
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
 */
const longest = 8 * 24 * 3_600;

/** Whether findings of GuardDuty itself come through. */
export const sampleFinding: Check = {
  name: 'sample',
  permissions: arrivalPermissions,
  look: async ({ clients, clock, stack }) => {
    const found = await stack;
    if ((found.parameters.GuardDutyDetectorId ?? '') === '') {
      return warn(
        'no sample finding of GuardDuty has shown that its findings arrive',
        'deploy with GuardDutyDetectorId',
      );
    }
    const now = clock.now();
    const topicArn = outputOf(found, 'NotificationTopicArn');
    const last = await lastArrival(clients.cloudWatch, 'sample', topicArn, now);
    const remedy = 'is that the detector of this Region, and is it on?';
    if (last === undefined) {
      return secondsSince(found.createdAt, now) > longest
        ? fail('no sample finding of GuardDuty has arrived for a fortnight', remedy)
        : warn('no sample finding of GuardDuty has arrived yet', 'run it again in a day');
    }
    const ago = secondsSince(last, now);
    return ago > longest
      ? fail(`the last sample finding of GuardDuty arrived ${duration(ago)} ago`, remedy)
      : ok(`a sample finding of GuardDuty arrived ${duration(ago)} ago`);
  },
};
