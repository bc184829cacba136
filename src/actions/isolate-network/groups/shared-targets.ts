import { giveUpAfter } from '../../../aws/deadline.ts';
import { inWords } from '../../../aws/errors.ts';
import type { RefusedRule } from '../../../aws/rule-changes.ts';
import type { NetworkInterface } from '../../../case/before.ts';
import type { PreparedGroups } from '../../../case/details.ts';
import type { SharedGroup } from '../../../case/isolation-group.ts';
import { isolationRules, isTransitionGroupName } from '../../../case/isolation-group.ts';
import type { ResidualRisk } from '../../../case/risk.ts';
import { transitionFailed } from '../../../case/risks/connections.ts';
import { accessRefused } from '../../../case/risks/isolation-groups.ts';
import type { SecurityGroup } from '../../../case/security-group.ts';
import type { GroupDeps, Place } from './find-or-create.ts';
import type { ForensicWays } from './forensic-ways.ts';
import type { Gate } from './gate.ts';
import { gateOf } from './gate.ts';
import { ensureSharedGroup } from './shared-group.ts';
import { ensureTransitionGroup } from './transition-group.ts';

/** Where each interface of a VPC is to be moved. */
export type Targets = ReadonlyMap<string, PreparedGroups>;

/** The cut does not wait longer for a transition group, in milliseconds. */
const longestForTransition = 3_000;

/**
 * The transition group of a VPC, where there is to be one; without it the cut goes on. A new one is
 * asked for when every isolation group has its place in the account's quota of groups.
 */
const prepareTransition = async (
  deps: GroupDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  gate: Gate,
  risks: ResidualRisk[],
): Promise<{ readonly transition?: string }> => {
  if (deps.settings.connectionCut !== 'transition') return {};
  try {
    const ipv6 = interfaces.some((one) => one.ipv6Addresses.length > 0);
    if (!place.known.some(({ name }) => isTransitionGroupName(name))) await gate.open;
    const { id } = await giveUpAfter(deps.clock, longestForTransition, () =>
      ensureTransitionGroup(deps, place, ipv6),
    );
    return { transition: id };
  } catch (error) {
    const ids = interfaces.map((one) => one.id);
    risks.push(transitionFailed(ids, inWords(error)));
    return {};
  }
};

/** What the VPCs of an instance share. */
export interface Shared {
  readonly ways: Promise<ForensicWays> | undefined;
  /** Passed once by each VPC. */
  readonly gate: Gate;
}

/** Several groups, and a gate that is passed when each has its place, or will have none. */
const ensureAll = async (
  kinds: readonly SharedGroup[],
  gate: Gate,
  ensure: (onPlace: () => void, kind: SharedGroup) => Promise<SecurityGroup>,
): Promise<ReadonlyMap<SharedGroup, string>> => {
  const own = gateOf(kinds.length);
  void own.open.then(gate.pass);
  return new Map(
    await Promise.all(
      kinds.map(async (kind) => {
        let passed = false;
        const pass = () => {
          if (!passed) own.pass();
          passed = true;
        };
        try {
          return [kind, (await ensure(pass, kind)).id] as const;
        } finally {
          pass();
        }
      }),
    ),
  );
};

/** Under `full` and `forensic`: the shared groups of one VPC. */
export const prepareSharedGroups = async (
  deps: GroupDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  { ways, gate }: Shared,
  risks: ResidualRisk[],
): Promise<Targets> => {
  // Only with an evidence bucket do the ways decide which group it is, not only its rules.
  const kindOf = async ({ id }: NetworkInterface): Promise<SharedGroup> => {
    if (ways === undefined) return 'full';
    return deps.settings.forensicUploadBucket === '' ? 'forensic' : (await ways).groupFor(id);
  };
  const kinds = await Promise.all(
    interfaces.map(async (one) => [one.id, await kindOf(one)] as const),
  );
  const rulesOf = (kind: SharedGroup) =>
    ways?.then(({ accessIn }) => isolationRules(kind, accessIn(place.vpcId))) ?? [];
  const refusal = (refused: readonly RefusedRule[]) => risks.push(accessRefused(refused));
  const [idOf, transition] = await Promise.all([
    ensureAll([...new Set(kinds.map(([, kind]) => kind))], gate, (onPlace, kind) =>
      ensureSharedGroup(deps, { ...place, onPlace }, kind, rulesOf(kind), refusal),
    ),
    prepareTransition(deps, place, interfaces, gate, risks),
  ]);
  return new Map(
    kinds.map(([id, kind]) => [id, { isolation: [idOf.get(kind) as string], ...transition }]),
  );
};
