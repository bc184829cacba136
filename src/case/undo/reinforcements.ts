import type { IdleTimeouts } from '../before.ts';
import type { ReinforcementName } from '../reinforcement.ts';
import { reinforcementNames } from '../reinforcement.ts';
import {
  addressesBack,
  denyTakenBack,
  idleTimeoutsBack,
  metadataBack,
  profileBack,
  sessionsBack,
  usualTimeouts,
} from './give-back.ts';
import type { Inverse } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** One thing that goes back, by what changed it. */
interface GiveBack {
  readonly cut: ReinforcementName;
  readonly inverse: Inverse;
}

/** What was given back as the default is the default, though AWS now shows it as set. */
const sameTimeouts = (one: IdleTimeouts, other: IdleTimeouts): boolean => {
  const [a, b] = [
    { ...usualTimeouts, ...one },
    { ...usualTimeouts, ...other },
  ];
  return a.tcpEstablished === b.tcpEstablished && a.udpStream === b.udpStream && a.udp === b.udp;
};

const ofInterfaces = ({ region, former, now }: UndoKnowledge): readonly GiveBack[] =>
  Object.entries(former.interfaces).flatMap(([id, { idleTimeouts, addresses }]): GiveBack[] => {
    const present = now.interfaces[id];
    if (present === undefined) return [];
    return [
      ...(idleTimeouts !== undefined && !sameTimeouts(idleTimeouts, present.idleTimeouts ?? {})
        ? [
            {
              cut: 'idle-timeouts' as const,
              inverse: idleTimeoutsBack(region, id, idleTimeouts),
            },
          ]
        : []),
      ...(addresses !== undefined && present.publicAddresses.length === 0
        ? addressesBack(region, id, addresses).map((inverse) => ({
            cut: 'disassociate-addresses' as const,
            inverse,
          }))
        : []),
    ];
  });

/** What is remembered in tags, or still to be seen, whichever run has changed it. */
const remembered = (knowledge: UndoKnowledge): readonly GiveBack[] => {
  const { region, instanceId, former, now } = knowledge;
  const { instanceProfileArn: profile } = former;
  return [
    ...ofInterfaces(knowledge),
    ...(now.denies ?? []).map(({ aclId, number, egress }) => ({
      cut: 'nacl-deny' as const,
      inverse: denyTakenBack(region, aclId, number, egress),
    })),
    ...(now.revocations ?? []).map(({ roleName, policyName }) => ({
      cut: 'revoke-credentials' as const,
      inverse: sessionsBack(roleName, policyName),
    })),
    ...(former.metadataService === 'enabled' && now.metadataService === 'disabled'
      ? [{ cut: 'disable-imds' as const, inverse: metadataBack(region, instanceId) }]
      : []),
    ...(profile !== undefined && now.instanceProfileArn === undefined
      ? [
          {
            cut: 'disassociate-profile' as const,
            inverse: profileBack(region, instanceId, profile),
          },
        ]
      : []),
  ];
};

/** What the reinforcements changed, as it is remembered, and as this run knows it beyond. */
export const reinforcementInverses = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const own = (knowledge.reinforcements ?? []).flatMap(({ cut, undo }) =>
    undo.map((inverse): GiveBack => ({ cut, inverse })),
  );
  const places = Object.keys(knowledge.former.interfaces);
  const all = [...remembered(knowledge), ...own].toSorted(
    (a, b) =>
      reinforcementNames.indexOf(a.cut) - reinforcementNames.indexOf(b.cut) ||
      places.indexOf(a.inverse.resource) - places.indexOf(b.inverse.resource) ||
      a.inverse.command.localeCompare(b.inverse.command),
  );
  return [...new Map(all.map(({ inverse }) => [inverse.command, inverse])).values()];
};
