import { duration } from '../../notify/duration.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import { outputOf } from '../stack-now.ts';
import { arrivalPermissions, lastArrival, secondsSince } from './arrivals.ts';

/** One comes every day, and may be late by two hours; in seconds. */
const longest = 26 * 3_600;

const remedy = 'look at the lines above and below, then at the schedule Heartbeat of the stack';

/** Whether a finding would have come through: the way of the heartbeat is the way of the findings. */
export const heartbeat: Check = {
  name: 'heartbeat',
  permissions: arrivalPermissions,
  look: async ({ clients, clock, stack }) => {
    const found = await stack;
    const now = clock.now();
    const topicArn = outputOf(found, 'NotificationTopicArn');
    const last = await lastArrival(clients.cloudWatch, 'heartbeat', topicArn, now);
    if (last !== undefined) {
      const ago = secondsSince(last, now);
      return ago > longest
        ? fail(`the last one arrived ${duration(ago)} ago: findings may not either`, remedy)
        : ok(`one arrived ${duration(ago)} ago by the way of the findings`);
    }
    return secondsSince(found.createdAt, now) > longest
      ? fail('none has arrived for a fortnight: findings may not either', remedy)
      : warn('none has arrived yet since the stack was made', 'run it again in an hour');
  },
};
