import type { IdleTimeouts } from '../../case/before.ts';

export const beforeIdleTimeoutsTag = 'cordon:before:idle-timeouts';

/** `tcp=default udp-stream=default udp=30`, in seconds; `default` where nobody had set it. */
export const writeIdleTimeouts = ({ tcpEstablished, udpStream, udp }: IdleTimeouts): string =>
  `tcp=${tcpEstablished ?? 'default'} udp-stream=${udpStream ?? 'default'} udp=${udp ?? 'default'}`;

const pattern = /^tcp=(\d{1,6}|default) udp-stream=(\d{1,6}|default) udp=(\d{1,6}|default)$/;

/** What the tag says; undefined for a value of another form. */
export const readIdleTimeouts = (value: string): IdleTimeouts | undefined => {
  const match = pattern.exec(value);
  if (match === null) return undefined;
  const [, tcp, udpStream, udp] = match;
  return {
    ...(tcp === 'default' ? {} : { tcpEstablished: Number(tcp) }),
    ...(udpStream === 'default' ? {} : { udpStream: Number(udpStream) }),
    ...(udp === 'default' ? {} : { udp: Number(udp) }),
  };
};
