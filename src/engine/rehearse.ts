import { codeOf, inWords, isCredentialTrouble, isDenied } from '../aws/errors.ts';
import type { PlannedCall } from '../case/details.ts';
import type { Change } from './change.ts';

/** Only EC2 can say whether a call would be allowed, without making it. */
const rehearsable = ({ call, withoutDryRun }: Change): boolean =>
  call.startsWith('ec2:') && withoutDryRun !== true;

const rehearseOne = async (change: Change): Promise<PlannedCall> => {
  const { call, resource, before, after } = change;
  const planned = { call, resource, before, after };
  if (!rehearsable(change)) return { ...planned, permission: 'untested' };
  try {
    await change.send(true);
    return { ...planned, permission: 'allowed' };
  } catch (error) {
    if (codeOf(error) === 'DryRunOperation') return { ...planned, permission: 'allowed' };
    if (isDenied(error) && !isCredentialTrouble(error)) {
      return { ...planned, permission: 'denied' };
    }
    return { ...planned, permission: 'refused', message: inWords(error) };
  }
};

/** What AWS says of each change without any of them being made. */
export const rehearse = (changes: readonly Change[]): Promise<PlannedCall[]> =>
  Promise.all(changes.map(rehearseOne));
