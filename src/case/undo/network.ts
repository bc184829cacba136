import { command } from '../command.ts';
import { isSameSet } from '../same-set.ts';
import type { Inverse } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** Every interface that is not in its own groups is given them back, all of them. */
export const networkInverses = ({ region, former, now }: UndoKnowledge): readonly Inverse[] =>
  Object.entries(former.interfaces).flatMap(([id, { groups = [] }]): Inverse[] => {
    const present = now.interfaces[id];
    if (groups.length === 0) return [];
    if (present !== undefined && isSameSet(present.groupIds, groups)) return [];
    return [
      {
        phase: 'network',
        resource: id,
        what: `groups ${present?.groupIds.join(' ') ?? 'unknown'} → ${groups.join(' ')}`,
        call: {
          api: 'ec2:ModifyNetworkInterfaceAttribute',
          input: { NetworkInterfaceId: id, Groups: [...groups] },
        },
        command: command([
          ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
          ...['--network-interface-id', id, '--groups', ...groups],
        ]),
      },
    ];
  });
