import { contains } from '../../case/address.ts';
import type { Rule } from '../../case/security-group.ts';
import type { Endpoint, Flow } from './record.ts';

/** What lets flows of one interface through, as it is read from its isolation groups. */
export interface Profile {
  /** The addresses of the interface itself. */
  readonly addresses: readonly string[];
  readonly rules: readonly Rule[];
  /** The ranges that groups and prefix lists in the rules stand for, by their ids. */
  readonly ranges: ReadonlyMap<string, readonly string[]>;
}

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

const isProtocol = ({ protocol }: Rule, number: number): boolean =>
  protocol === '-1' || (numbers[protocol] ?? Number(protocol)) === number;

const isPort = ({ protocol, fromPort, toPort }: Rule, number: number, port: number): boolean => {
  // A record does not say which type of ICMP it was.
  if (protocol === '-1' || (number !== 6 && number !== 17)) return true;
  if (fromPort === undefined || toPort === undefined || fromPort === -1) return true;
  return port >= fromPort && port <= toPort;
};

const isPeer = ({ peer }: Rule, { ranges }: Profile, address: string): boolean => {
  const meant =
    peer.kind === 'ipv4' || peer.kind === 'ipv6' ? [peer.cidr] : (ranges.get(peer.id) ?? []);
  return meant.some((range) => contains(range, address));
};

/** Which end of a flow is the host's; where AWS does not say it, by the host's addresses. */
export const endsOf = (
  { source, destination, direction }: Flow,
  { addresses }: Profile,
): { readonly own: Endpoint; readonly peer: Endpoint } => {
  const leaves =
    direction === undefined ? addresses.includes(source.address) : direction === 'egress';
  return leaves ? { own: source, peer: destination } : { own: destination, peer: source };
};

/**
 * Whether the isolation groups let this flow through. Groups are stateful, so an answer is as allowed as
 * what it answers: what may come in is told by the port of the host, what may go out by that of the peer.
 */
export const isAllowed = (flow: Flow, profile: Profile): boolean => {
  const { own, peer } = endsOf(flow, profile);
  return profile.rules.some((rule) => {
    const port = rule.direction === 'ingress' ? own.port : peer.port;
    return (
      isProtocol(rule, flow.protocol) &&
      isPort(rule, flow.protocol, port) &&
      isPeer(rule, profile, peer.address)
    );
  });
};
