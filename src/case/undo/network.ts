import { command } from '../command.ts';
import { isSameSet } from '../same-set.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** Every interface that is not in its own groups is given them back, all of them. */
export const networkCommands = ({ region, former, now }: UndoKnowledge): readonly string[] =>
  Object.entries(former.interfaces).flatMap(([id, { groups = [] }]) => {
    const present = now.interfaces[id];
    if (groups.length === 0) return [];
    if (present !== undefined && isSameSet(present.groupIds, groups)) return [];
    return [
      command([
        ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
        ...['--network-interface-id', id, '--groups', ...groups],
      ]),
    ];
  });
