import { oneLine } from '../../case/one-line.ts';
import type { Check } from '../check.ts';
import { ok } from '../check.ts';

/** Who asks, in which account and Region. */
export const identity: Check = {
  name: 'identity',
  permissions: [],
  look: async ({ caller, region }) => {
    const { arn, accountId } = await caller;
    return ok(`${oneLine(arn)}, account ${accountId}, ${region}`);
  },
};
