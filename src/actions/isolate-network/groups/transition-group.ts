import { authorizeRules } from '../../../aws/rule-changes.ts';
import { IsolationGroupUnavailableError } from '../../../case/errors.ts';
import {
  compareRules,
  transitionGroupName,
  transitionRules,
} from '../../../case/isolation-group.ts';
import type { SecurityGroup } from '../../../case/security-group.ts';
import type { GroupDeps, Place } from './find-or-create.ts';
import { findOrCreate, readUntil } from './find-or-create.ts';

/** True when the group makes every flow untracked, in each address family that is in use. */
const isOpen = (group: SecurityGroup, ipv6: boolean): boolean =>
  compareRules(group, transitionRules).missing.every((rule) => !ipv6 && rule.peer.kind === 'ipv6');

/**
 * The transition group of a VPC: all traffic, both directions, both families.
 *
 * @throws IsolationGroupUnavailableError when it cannot be brought into that form.
 */
export const ensureTransitionGroup = async (
  deps: GroupDeps,
  place: Place,
  ipv6: boolean,
): Promise<SecurityGroup> => {
  const found = await findOrCreate(
    deps,
    place,
    {
      name: transitionGroupName,
      role: 'transition',
      rules: transitionRules,
      description: 'Cordon: held for a moment, so that open connections become untracked.',
      // A VPC without IPv6 may refuse those rules; one where IPv6 is in use may not.
      trustAnswers: { ipv6 },
    },
    () => (group) => isOpen(group, ipv6),
  );
  if (found !== undefined) {
    if (isOpen(found, ipv6)) return found;
    const { missing } = compareRules(found, transitionRules);
    const group = { groupId: found.id, fresh: place.made.includes(found.id) };
    await authorizeRules(deps.clients.ec2, deps.clock, group, missing);
    const again = await readUntil(deps, found.id, (group) => isOpen(group, ipv6));
    if (again !== undefined && isOpen(again, ipv6)) return again;
  }
  throw new IsolationGroupUnavailableError(
    `The group ${transitionGroupName} of ${place.vpcId} does not allow all traffic, so it cannot make flows untracked.`,
  );
};
