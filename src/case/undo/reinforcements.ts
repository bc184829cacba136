import type { IdleTimeouts } from '../before.ts';
import type { ReinforcementName } from '../reinforcement.ts';
import { reinforcementNames } from '../reinforcement.ts';
import { addressesBack, idleTimeoutsBack, metadataBack, profileBack } from './give-back.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** One thing that goes back, by what changed it and where. */
interface GiveBack {
  readonly cut: ReinforcementName;
  readonly resource: string;
  readonly commands: readonly string[];
}

const sameTimeouts = (one: IdleTimeouts, other: IdleTimeouts): boolean =>
  one.tcpEstablished === other.tcpEstablished &&
  one.udpStream === other.udpStream &&
  one.udp === other.udp;

/** What is remembered in tags and is otherwise now, whichever run has changed it. */
const remembered = ({ region, instanceId, former, now }: UndoKnowledge): readonly GiveBack[] => {
  const interfaces = Object.entries(former.interfaces).flatMap(([resource, one]): GiveBack[] => {
    const present = now.interfaces[resource];
    if (present === undefined) return [];
    const { idleTimeouts, addresses } = one;
    return [
      ...(idleTimeouts !== undefined && !sameTimeouts(idleTimeouts, present.idleTimeouts ?? {})
        ? [
            {
              cut: 'idle-timeouts' as const,
              resource,
              commands: idleTimeoutsBack(region, resource, idleTimeouts),
            },
          ]
        : []),
      ...(addresses !== undefined && present.publicAddresses.length === 0
        ? [
            {
              cut: 'disassociate-addresses' as const,
              resource,
              commands: addressesBack(region, resource, addresses),
            },
          ]
        : []),
    ];
  });
  const { instanceProfileArn: profile } = former;
  return [
    ...interfaces,
    ...(former.metadataService === 'enabled' && now.metadataService === 'disabled'
      ? [
          {
            cut: 'disable-imds' as const,
            resource: instanceId,
            commands: metadataBack(region, instanceId),
          },
        ]
      : []),
    ...(profile !== undefined && now.instanceProfileArn === undefined
      ? [
          {
            cut: 'disassociate-profile' as const,
            resource: instanceId,
            commands: profileBack(region, instanceId, profile),
          },
        ]
      : []),
  ];
};

/** What the reinforcements changed, as the tags remember it, and as this run knows it beyond. */
export const reinforcementCommands = (knowledge: UndoKnowledge): readonly string[] => {
  const own = (knowledge.reinforcements ?? []).map(
    ({ cut, resource, undo }): GiveBack => ({ cut, resource, commands: undo }),
  );
  const places = Object.keys(knowledge.former.interfaces);
  const all = [...remembered(knowledge), ...own].toSorted(
    (a, b) =>
      reinforcementNames.indexOf(a.cut) - reinforcementNames.indexOf(b.cut) ||
      places.indexOf(a.resource) - places.indexOf(b.resource) ||
      a.commands.join().localeCompare(b.commands.join()),
  );
  const blocks = new Map(all.map(({ commands }) => [commands.join('\n'), commands]));
  return [...blocks.values()].flat();
};
