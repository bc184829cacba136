import { canonicalCidr, isCidr, prefixLength } from './address.ts';
import type { Peer, Rule } from './security-group.ts';

const entryPattern = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?:(\S+)$/;
const highestPort = 65_535;

const peerOf = (text: string): Peer | undefined => {
  if (/^sg-[0-9a-f]{8,17}$/.test(text)) return { kind: 'group', id: text };
  if (/^pl-[0-9a-f]{8,17}$/.test(text)) return { kind: 'prefix-list', id: text };
  if (!isCidr(text) || prefixLength(text) === 0) return undefined;
  const cidr = canonicalCidr(text);
  return { kind: cidr.includes(':') ? 'ipv6' : 'ipv4', cidr };
};

/**
 * One way out that a server keeps under `egress-lockdown`: `tcp/443:10.0.0.0/16`,
 * `tcp/5432:sg-0123…`, `udp/8125-8126:pl-0123…`. Undefined for anything else, and for everybody.
 */
export const parseEgressAllowance = (text: string): Rule | undefined => {
  const match = entryPattern.exec(text);
  if (match === null) return undefined;
  const [, protocol = '', from = '', to = from, target = ''] = match;
  const [fromPort, toPort] = [Number(from), Number(to)];
  const peer = peerOf(target);
  return peer === undefined || fromPort > toPort || toPort > highestPort
    ? undefined
    : { direction: 'egress', protocol, fromPort, toPort, peer };
};
