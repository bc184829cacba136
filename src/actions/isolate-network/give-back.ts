import { command } from '../../case/command.ts';
import { isSameSet } from '../../case/same-set.ts';
import type { Inverse } from '../../case/undo/inverse.ts';
import type { UndoKnowledge } from '../../case/undo/knowledge.ts';

/** The groups of an interface as they were. */
export const groupsBack = (
  region: string,
  id: string,
  present: readonly string[] | undefined,
  groups: readonly string[],
): Inverse => ({
  phase: 'network',
  resource: id,
  what: `groups ${present?.join(' ') ?? 'unknown'} → ${groups.join(' ')}`,
  call: {
    api: 'ec2:ModifyNetworkInterfaceAttribute',
    input: { NetworkInterfaceId: id, Groups: [...groups] },
  },
  command: command([
    ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
    ...['--network-interface-id', id, '--groups', ...groups],
  ]),
});

/** Every interface that is not in its own groups is given them back, all of them. */
export const networkInverses = ({ region, former, now }: UndoKnowledge): readonly Inverse[] =>
  Object.entries(former.interfaces).flatMap(([id, { groups = [] }]): Inverse[] => {
    const present = now.interfaces[id]?.groupIds;
    if (groups.length === 0 || (present !== undefined && isSameSet(present, groups))) return [];
    return [groupsBack(region, id, present, groups)];
  });
