import { describe, expect, it } from 'vitest';
import { reachOf } from '../../src/case/reach.ts';
import type { Rule } from '../../src/case/security-group.ts';

const rule = (direction: Rule['direction'], port: number, cidr = '203.0.113.0/24'): Rule => ({
  direction,
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  peer: { kind: cidr.includes(':') ? 'ipv6' : 'ipv4', cidr },
});

const all = (direction: Rule['direction'], cidr: '0.0.0.0/0' | '::/0'): Rule => ({
  direction,
  protocol: '-1',
  peer: cidr === '::/0' ? { kind: 'ipv6', cidr } : { kind: 'ipv4', cidr },
});

describe('who can still reach a host, and what it can reach, in words', () => {
  it('is nothing at all without rules, and says so for both families', () => {
    expect(reachOf([])).toBe('nothing in, nothing out, IPv4 or IPv6');
  });

  it('is the responders, by port and range', () => {
    expect(reachOf([rule('ingress', 22), rule('ingress', 3389)])).toBe(
      'in: tcp 22, tcp 3389 from 203.0.113.0/24; out: nothing',
    );
  });

  it('is the ways out, where nobody comes in', () => {
    const toList: Rule = { ...rule('egress', 443), peer: { kind: 'prefix-list', id: 'pl-1' } };
    const toGroup: Rule = { ...rule('egress', 443), peer: { kind: 'group', id: 'sg-1' } };
    expect(reachOf([toGroup, toList])).toBe('in: nothing; out: tcp 443 to pl-1, tcp 443 to sg-1');
  });

  // fault C12
  it('is told in the same words in whatever order AWS gives the rules', () => {
    const rules = [
      rule('ingress', 3389),
      rule('ingress', 22),
      rule('ingress', 22, '2001:db8::/32'),
      rule('egress', 443),
      all('egress', '::/0'),
    ];
    expect(reachOf(rules.toReversed())).toBe(reachOf(rules));
  });

  it('never leaves IPv6 out', () => {
    expect(reachOf([all('ingress', '0.0.0.0/0'), all('egress', '::/0')])).toBe(
      'in: all protocols from 0.0.0.0/0; out: all protocols to ::/0',
    );
    expect(reachOf([rule('ingress', 443, '0.0.0.0/0'), rule('ingress', 443, '::/0')])).toBe(
      'in: tcp 443 from 0.0.0.0/0, tcp 443 from ::/0; out: nothing',
    );
  });

  it('names ranges of ports, and protocols without ports', () => {
    const range: Rule = { ...rule('egress', 8125), protocol: 'udp', toPort: 8126 };
    const gre: Rule = { ...all('ingress', '0.0.0.0/0'), protocol: '47' };
    expect(reachOf([gre, range])).toBe(
      'in: 47 all from 0.0.0.0/0; out: udp 8125-8126 to 203.0.113.0/24',
    );
  });
});
