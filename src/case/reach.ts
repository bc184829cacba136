import type { Rule } from './security-group.ts';
import { describePeer, describePorts, inOrder } from './security-group.ts';

const listed = (rules: readonly Rule[], towards: 'from' | 'to'): string => {
  if (rules.length === 0) return 'nothing';
  const byPeer = Map.groupBy(inOrder(rules), ({ peer }) => describePeer(peer));
  return [...byPeer]
    .map(([peer, its]) => `${its.map(describePorts).join(', ')} ${towards} ${peer}`)
    .join(', ');
};

/**
 * Who can still reach a host behind these rules, and what it can reach, in words: `in: tcp 22 from
 * 203.0.113.0/24; out: nothing`. IPv4 and IPv6 alike, the same words for the same rules.
 */
export const reachOf = (rules: readonly Rule[]): string =>
  rules.length === 0
    ? 'nothing in, nothing out, IPv4 or IPv6'
    : `in: ${listed(
        rules.filter(({ direction }) => direction === 'ingress'),
        'from',
      )}; out: ${listed(
        rules.filter(({ direction }) => direction === 'egress'),
        'to',
      )}`;
