import { duration } from '../../notify/duration.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';

/** From here on times in case ids and reports mislead, in milliseconds. */
const misleading = 30_000;

/**
 * AWS refuses a request that was signed further away from its own time, in milliseconds
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
 */
const refused = 300_000;

const remedy = 'set it by NTP';

/** The clock of this machine against the one of AWS. */
export const clock: Check = {
  name: 'clock',
  permissions: [],
  look: async ({ caller }) => {
    const { clockAhead } = await caller;
    if (clockAhead === undefined) return warn('not checked: AWS told no time', remedy);
    const off = Math.abs(clockAhead);
    if (off < misleading) return ok('this machine has the time of AWS');
    const says = `this machine is ${duration(off / 1_000)} ${clockAhead > 0 ? 'ahead of' : 'behind'} AWS`;
    return off < refused
      ? warn(`${says}: times of cases by hand are wrong`, remedy)
      : fail(`${says}: AWS may refuse what is signed here`, remedy);
  },
};
