import type { IdleTimeouts } from '../../case/before.ts';
import { command } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** What holds where nobody has set anything; instances of Nitro v6 have 350 for TCP. */
export const usualTimeouts: Required<IdleTimeouts> = {
  tcpEstablished: 432_000,
  udpStream: 180,
  udp: 30,
};

/** The idle timeouts of an interface as they were, in seconds. */
export const idleTimeoutsBack = (
  region: string,
  interfaceId: string,
  timeouts: IdleTimeouts,
): Inverse => {
  const { tcpEstablished, udpStream, udp } = { ...usualTimeouts, ...timeouts };
  return {
    phase: 'reinforcements',
    resource: interfaceId,
    what: `idle timeouts → ${tcpEstablished} s TCP, ${udpStream} s UDP streams, ${udp} s UDP`,
    ...(timeouts.tcpEstablished === undefined
      ? { note: 'The default for TCP is 350 on Nitro v6 instances.' }
      : {}),
    call: {
      api: 'ec2:ModifyNetworkInterfaceAttribute',
      input: {
        NetworkInterfaceId: interfaceId,
        ConnectionTrackingSpecification: {
          TcpEstablishedTimeout: tcpEstablished,
          UdpStreamTimeout: udpStream,
          UdpTimeout: udp,
        },
      },
    },
    command: command([
      ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
      ...['--network-interface-id', interfaceId, '--connection-tracking-specification'],
      `TcpEstablishedTimeout=${tcpEstablished},UdpStreamTimeout=${udpStream},UdpTimeout=${udp}`,
    ]),
  };
};
