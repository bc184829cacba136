import type { LivingConnection, Measured } from './measure.ts';

const names: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** What IANA's number stands for, where people know it by a name. */
export const protocolName = (number: number): string => names[number] ?? `protocol ${number}`;

const hasPorts = (protocol: number): boolean => protocol === 6 || protocol === 17;

/** `203.0.113.5 tcp 51514 → 443`: the peer, and the ports of the host and of the peer. */
export const connectionWords = ({
  peer,
  protocol,
  ownPort,
  peerPort,
}: Pick<LivingConnection, 'peer' | 'protocol' | 'ownPort' | 'peerPort'>): string =>
  hasPorts(protocol)
    ? `${peer}, ${protocolName(protocol)}, port ${ownPort} of the host, ${peerPort} of the peer`
    : `${peer}, ${protocolName(protocol)}`;

/** So many connections stand in a sentence; all of them stand in the measurement. */
const shown = 5;

const minutesOf = (seconds: number): number => Math.floor(seconds / 60);

const livingWords = (living: readonly LivingConnection[]): string => {
  const more = living.length > shown ? `; and ${living.length - shown} more` : '';
  const first = living.slice(0, shown);
  return `CONNECTIONS LIVE: ${first
    .map((one) => `${connectionWords(one)}, ${one.bytes} bytes, through ${one.interfaceId}`)
    .join('; ')}${more}.`;
};

const quietWords = (quiet: readonly Measured[]): string => {
  const least = Math.min(...quiet.map(({ observedSeconds }) => observedSeconds));
  const interfaces = quiet.map(({ interfaceId }) => interfaceId).join(', ');
  return `No flow seen for ${minutesOf(least)} minutes (observed): ${interfaces}.`;
};

const unknownWords = (unknown: readonly Measured[]): string =>
  `Nothing was observed of ${unknown.map(({ interfaceId }) => interfaceId).join(', ')}: no record covers it, which says neither that a connection lives nor that none does.`;

/** What was measured, for a message; what was not observed is said as well. */
export const measuredWords = (measured: readonly Measured[]): string => {
  const quiet = measured.filter(({ verdict }) => verdict === 'no-flow');
  const unknown = measured.filter(({ verdict }) => verdict === 'unknown');
  const living = measured.flatMap((one) => one.living);
  if (measured.length === 0) return 'Nothing was observed: no interface is attached any more.';
  return [
    ...(living.length === 0 ? [] : [livingWords(living)]),
    ...(quiet.length === 0 ? [] : [quietWords(quiet)]),
    ...(unknown.length === 0 ? [] : [unknownWords(unknown)]),
  ].join(' ');
};
