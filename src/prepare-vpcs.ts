import type { GroupDeps } from './actions/isolate-network/groups/find-or-create.ts';
import { ensureSharedGroup } from './actions/isolate-network/groups/shared-group.ts';
import { ensureTransitionGroup } from './actions/isolate-network/groups/transition-group.ts';
import { inWords } from './aws/errors.ts';
import type { RefusedRule } from './aws/rule-changes.ts';
import { readCordonGroups } from './aws/security-groups.ts';
import { readVpcEndpoints } from './aws/vpc-endpoints.ts';
import { readVpcs } from './aws/vpcs.ts';
import { systemsManagerGroups } from './case/forensic-access.ts';
import { isolationRules } from './case/isolation-group.ts';
import type { SecurityGroup } from './case/security-group.ts';
import { describeRule } from './case/security-group.ts';
import { allowancesOf } from './settings/settings.ts';

/** The groups of one VPC, ready for an incident, or why they are not. */
export interface PreparedVpc {
  readonly vpcId: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly error?: string;
}

const named = ({ id, name }: SecurityGroup) => ({ id, name });

/**
 * Makes, repairs and reads the groups of every VPC of the Region, so that no incident pays for it.
 * `full` always, because a request by hand may ask for it; `forensic` where it is the profile;
 * never the egress-free clones, which follow an instance's own groups. A VPC that cannot be
 * prepared does not keep the others.
 *
 * @throws what EC2 answers when VPCs or groups cannot be listed.
 */
export const prepareVpcs = async (deps: GroupDeps): Promise<readonly PreparedVpc[]> => {
  const { clients, settings } = deps;
  const vpcs = await readVpcs(clients.ec2);
  const forensic = settings.isolationProfile === 'forensic';
  const [known, endpoints] = await Promise.all([
    readCordonGroups(clients.ec2),
    forensic
      ? readVpcEndpoints(
          clients.ec2,
          vpcs.map(({ id }) => id),
        )
      : [],
  ]);
  const prepared: PreparedVpc[] = [];
  // One after the other: nobody waits, and the account's rates are for incidents.
  for (const { id: vpcId, ownAccountId: accountId, ipv6 } of vpcs) {
    const place = { vpcId, accountId, known, made: [] };
    const access = {
      ...allowancesOf(settings).access,
      systemsManagerGroupIds: systemsManagerGroups(endpoints, vpcId),
    };
    const refused: RefusedRule[] = [];
    const note = (rules: readonly RefusedRule[]) => refused.push(...rules);
    try {
      const groups = [await ensureSharedGroup(deps, place, 'full', [])];
      if (forensic) {
        const rules = isolationRules('forensic', access);
        groups.push(await ensureSharedGroup(deps, place, 'forensic', rules, note));
      }
      if (settings.connectionCut === 'transition') {
        groups.push(await ensureTransitionGroup(deps, place, ipv6));
      }
      const words = refused.map(({ rule, words: why }) => `${describeRule(rule)}: ${why}`);
      prepared.push({
        vpcId,
        groups: groups.map(named),
        ...(words.length === 0 ? {} : { error: `rules were refused: ${words.join('; ')}` }),
      });
    } catch (error) {
      prepared.push({ vpcId, groups: [], error: inWords(error) });
    }
  }
  return prepared;
};
