import type { IdleTimeouts } from '../../case/before.ts';
import type { ReinforcingAction } from '../action.ts';
import { idleTimeoutsBack, usualTimeouts } from './give-back.ts';

/** What was given back as the default is the default, though AWS now shows it as set. */
const isSame = (one: IdleTimeouts, other: IdleTimeouts): boolean => {
  const [a, b] = [
    { ...usualTimeouts, ...one },
    { ...usualTimeouts, ...other },
  ];
  return a.tcpEstablished === b.tcpEstablished && a.udpStream === b.udpStream && a.udp === b.udp;
};

/** Connections that AWS keeps alive are forgotten sooner once they fall silent. */
export const idleTimeouts = {
  name: 'idle-timeouts',
  phase: 'reinforcements',
  // Healthy connections must not be forgotten.
  notWhileServing: true,
  last: true,
  permissions: ['ec2:ModifyNetworkInterfaceAttribute', 'ec2:CreateTags'],
  releasePermissions: [],
  controls: [],
  inverses: ({ region, former, now }) =>
    Object.entries(former.interfaces).flatMap(([id, { idleTimeouts: before }]) => {
      const present = now.interfaces[id];
      return present === undefined ||
        before === undefined ||
        isSame(before, present.idleTimeouts ?? {})
        ? []
        : [idleTimeoutsBack(region, id, before)];
    }),
} as const satisfies ReinforcingAction;
