import type { PlannedCall } from '../case/details.ts';
import { codeOf, inWords, isCredentialTrouble, isDenied } from './errors.ts';

/** One mutating call, made or rehearsed. */
export interface Change {
  /** As IAM names it: `ec2:CreateTags`. */
  readonly call: string;
  readonly resource: string;
  /** An EC2 call without a `DryRun`: rehearsing it would make it. */
  readonly withoutDryRun?: true;
  /** Makes the call; EC2's `DryRun` is set from the argument. */
  send(dryRun: boolean): Promise<unknown>;
}

/** Only EC2 can say whether a call would be allowed, without making it. */
const rehearsable = (change: Change): boolean =>
  change.call.startsWith('ec2:') && change.withoutDryRun !== true;

const rehearseOne = async (change: Change): Promise<PlannedCall> => {
  const { call, resource } = change;
  if (!rehearsable(change)) return { call, resource, permission: 'untested' };
  try {
    await change.send(true);
    return { call, resource, permission: 'allowed' };
  } catch (error) {
    if (codeOf(error) === 'DryRunOperation') return { call, resource, permission: 'allowed' };
    if (isDenied(error) && !isCredentialTrouble(error)) {
      return { call, resource, permission: 'denied' };
    }
    return { call, resource, permission: 'refused', message: inWords(error) };
  }
};

/** What AWS says of each change without any of them being made. */
export const rehearse = (changes: readonly Change[]): Promise<PlannedCall[]> =>
  Promise.all(changes.map(rehearseOne));
