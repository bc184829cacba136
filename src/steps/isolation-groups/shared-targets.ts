import { inWords } from '../../aws/errors.ts';
import type { RefusedRule } from '../../aws/group-changes.ts';
import type { NetworkInterface } from '../../case/before.ts';
import type { PreparedGroups } from '../../case/details.ts';
import type { SharedGroup } from '../../case/isolation-group.ts';
import { isolationRules } from '../../case/isolation-group.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { transitionFailed } from '../../case/risks/connections.ts';
import { accessRefused } from '../../case/risks/isolation-groups.ts';
import type { GroupDeps, Place } from './ensure-group.ts';
import type { ForensicWays } from './forensic-ways.ts';
import { ensureSharedGroup } from './shared-group.ts';
import { ensureTransitionGroup } from './transition-group.ts';

/** Where each interface of a VPC is to be moved. */
export type Targets = ReadonlyMap<string, PreparedGroups>;

/** The transition group of a VPC, where there is to be one; without it the cut goes on. */
const prepareTransition = async (
  deps: GroupDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  risks: ResidualRisk[],
): Promise<{ readonly transition?: string }> => {
  if (deps.settings.connectionCut !== 'transition') return {};
  try {
    const ipv6 = interfaces.some((one) => one.ipv6Addresses.length > 0);
    return { transition: (await ensureTransitionGroup(deps, place, ipv6)).id };
  } catch (error) {
    const ids = interfaces.map((one) => one.id);
    risks.push(transitionFailed(ids, inWords(error)));
    return {};
  }
};

/** Under `full` and `forensic`: the shared groups of one VPC. */
export const prepareSharedGroups = async (
  deps: GroupDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  ways: Promise<ForensicWays> | undefined,
  risks: ResidualRisk[],
): Promise<Targets> => {
  // Only with an evidence bucket do the ways decide which group it is, not only its rules.
  const kindOf = async ({ id }: NetworkInterface): Promise<SharedGroup> => {
    if (ways === undefined) return 'full';
    return deps.settings.evidenceBucket === '' ? 'forensic' : (await ways).groupFor(id);
  };
  const kinds = await Promise.all(
    interfaces.map(async (one) => [one.id, await kindOf(one)] as const),
  );
  const rulesOf = (kind: SharedGroup) =>
    ways?.then(({ accessIn }) => isolationRules(kind, accessIn(place.vpcId))) ?? [];
  const refusal = (refused: readonly RefusedRule[]) => risks.push(accessRefused(refused));
  const [groups, transition] = await Promise.all([
    Promise.all(
      [...new Set(kinds.map(([, kind]) => kind))].map(
        async (kind) =>
          [kind, (await ensureSharedGroup(deps, place, kind, rulesOf(kind), refusal)).id] as const,
      ),
    ),
    prepareTransition(deps, place, interfaces, risks),
  ]);
  const idOf = new Map(groups);
  return new Map(
    kinds.map(([id, kind]) => [id, { isolation: [idOf.get(kind) as string], ...transition }]),
  );
};
