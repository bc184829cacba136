import { systemClock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { transitionGroupName } from '../../src/case/isolation-group.ts';
import { prepareVpcs } from '../../src/prepare-vpcs.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { Account } from './account.ts';
import type { Scene } from './by-hand.ts';

/**
 * Makes the groups of every VPC, as the daily rule does, and says which is the transition group. What
 * is denied about groups that were just made is tried for seconds, because IAM may not see them yet.
 */
export const makeGroups = async ({
  clients,
  world,
}: Pick<Account | Scene, 'clients' | 'world'>): Promise<string | undefined> => {
  const vpcs = await prepareVpcs({
    clients: { ec2: clients.ec2 },
    clock: systemClock,
    log: silentLog,
    settings: readSettings({ MODE: 'contain' }).settings,
  });
  const own = vpcs.find(({ vpcId }) => vpcId === world.vpcId);
  return own?.groups.find(({ name }) => name === transitionGroupName)?.id;
};
