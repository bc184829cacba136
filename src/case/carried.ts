import type { Instance, MembershipReading } from './before.ts';
import { isolationGroupKind, isSharedGroupName, transitionGroupName } from './isolation-group.ts';
import type { SecurityGroup } from './security-group.ts';

/**
 * Step Functions hands on at most 256 KiB between states
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). What of the world
 * before is carried from state to state is bounded here; the whole of it is in the log line `before`.
 */

/** As JSON, in bytes, for the rules of egress-free clones that no interface is in. */
const maximumCloneBytes = 20_000;

/** Members of an Auto Scaling group beyond these are not carried: the replacement is not named then. */
const maximumMembers = 200;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

/**
 * Cordon's groups that later steps may need: of the instance's VPCs the shared ones, those that its
 * interfaces are in, and clones of their groups as far as there is room. A clone that is left out is
 * found again by its name.
 */
export const carriedGroups = (
  groups: readonly SecurityGroup[],
  { accountId, networkInterfaces }: Instance,
): readonly SecurityGroup[] => {
  const vpcIds = new Set(networkInterfaces.map(({ vpcId }) => vpcId));
  const inUse = new Set(networkInterfaces.flatMap(({ groupIds }) => groupIds));
  const own = groups.filter(({ ownerId, vpcId }) => ownerId === accountId && vpcIds.has(vpcId));
  const isNeeded = ({ id, name }: SecurityGroup) =>
    inUse.has(id) || isSharedGroupName(name) || name === transitionGroupName;
  let room = maximumCloneBytes;
  const clones = own.filter((group) => {
    const is = isolationGroupKind(group.name);
    if (isNeeded(group) || is?.kind !== 'egress-lockdown' || !inUse.has(is.original)) return false;
    room -= bytesOf(group);
    return room >= 0;
  });
  return [...own.filter(isNeeded), ...clones];
};

/** The membership, without the list of members where it is long. */
export const carriedMembership = (reading: MembershipReading): MembershipReading => {
  if (!reading.known || reading.membership === undefined) return reading;
  const { instanceIds = [], ...membership } = reading.membership;
  return instanceIds.length > maximumMembers ? { known: true, membership } : reading;
};
