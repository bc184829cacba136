import type { IdleTimeouts } from '../../case/before.ts';

/**
 * The least that AWS allows, in seconds
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 */
export const least: Required<IdleTimeouts> = { tcpEstablished: 60, udpStream: 60, udp: 30 };

/** True where AWS allows nothing less. */
export const isLeast = ({ tcpEstablished, udpStream, udp }: IdleTimeouts): boolean =>
  tcpEstablished === least.tcpEstablished && udpStream === least.udpStream && udp === least.udp;
