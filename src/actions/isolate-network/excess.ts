import type { Deps } from '../../aws/clients.ts';
import type { Ec2Reader } from '../../aws/readers/reader.ts';
import type { NetworkInterface } from '../../case/before.ts';
import {
  compareRules,
  isolationGroupKind,
  isolationRules,
  lockdownRules,
} from '../../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../case/security-group.ts';
import type { ForensicWays } from './groups/forensic-ways.ts';
import { readForensicWays } from './groups/forensic-ways.ts';

/** Inputs for computing the allowed rules, in addition to the settings. */
interface Measure {
  readonly ways: ForensicWays | undefined;
  /** Of egress-free clones. */
  readonly originals: readonly SecurityGroup[];
}

/** Reads what the rules of these groups are measured by. */
export const readMeasure = async (
  { settings }: Deps,
  ec2: Ec2Reader,
  interfaces: readonly NetworkInterface[],
  groups: readonly SecurityGroup[],
): Promise<Measure> => {
  const kinds = groups.flatMap((group) => isolationGroupKind(group.name) ?? []);
  const originalIds = kinds.flatMap((is) => (is.kind === 'egress-lockdown' ? [is.original] : []));
  const forensic = kinds.some(({ kind }) => kind === 'forensic' || kind === 'forensic-s3');
  const [ways, originals] = await Promise.all([
    forensic ? readForensicWays(settings, ec2, interfaces) : undefined,
    ec2.groups(originalIds),
  ]);
  return { ways, originals };
};

/** The rules through which a group lets more than it may. */
export const excessOf = (
  group: SecurityGroup,
  users: readonly NetworkInterface[],
  { ways, originals }: Measure,
  { settings }: Deps,
): readonly Rule[] => {
  const is = isolationGroupKind(group.name);
  if (is === undefined) return [];
  if (is.kind === 'egress-lockdown') {
    const original = originals.find(({ id }) => id === is.original);
    // If the original group was deleted, its inbound rules are unknown, so no inbound rule is allowed.
    const wanted =
      original === undefined
        ? settings.egressAllowList
        : lockdownRules(original, settings.egressAllowList);
    return compareRules(group, wanted).excess;
  }
  if (is.kind === 'full' || ways === undefined) return compareRules(group, []).excess;
  // In a subnet that leads elsewhere, the way to S3 is a way out.
  const kind = users.every((one) => ways.groupFor(one.id) === is.kind) ? is.kind : 'forensic';
  return compareRules(group, isolationRules(kind, ways.accessIn(group.vpcId))).excess;
};
