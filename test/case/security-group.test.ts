import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/case/security-group.ts';
import { describeRule, rulesWithout } from '../../src/case/security-group.ts';

const ssh: Rule = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  peer: { kind: 'ipv4', cidr: '203.0.113.0/24' },
};

const all: Rule = {
  direction: 'egress',
  protocol: '-1',
  peer: { kind: 'ipv6', cidr: '::/0' },
};

describe('a rule, in words', () => {
  it('names direction, protocol, ports and who is let through', () => {
    expect(describeRule(ssh)).toBe('ingress tcp 22 203.0.113.0/24');
    expect(describeRule({ ...ssh, fromPort: 1024, toPort: 65535 })).toBe(
      'ingress tcp 1024-65535 203.0.113.0/24',
    );
    expect(describeRule(all)).toBe('egress -1 all ::/0');
  });

  it('names prefix lists and groups by their ids', () => {
    expect(describeRule({ ...all, peer: { kind: 'prefix-list', id: 'pl-1' } })).toBe(
      'egress -1 all pl-1',
    );
    expect(describeRule({ ...all, peer: { kind: 'group', id: 'sg-1', accountId: '1' } })).toBe(
      'egress -1 all sg-1',
    );
  });

  it('takes all protocols for all ports, whatever ports AWS says', () => {
    expect(describeRule({ ...all, fromPort: -1, toPort: -1 })).toBe(describeRule(all));
  });
});

describe('the rules of one list that another has not', () => {
  it('differ by port, direction, protocol and peer', () => {
    for (const other of [
      { ...ssh, fromPort: 23, toPort: 23 },
      { ...ssh, toPort: 23 },
      { ...ssh, direction: 'egress' },
      { ...ssh, protocol: 'udp' },
      { ...ssh, peer: { kind: 'ipv4', cidr: '203.0.113.0/25' } },
    ] satisfies Rule[]) {
      expect(rulesWithout([other], [ssh])).toEqual([other]);
    }
    expect(rulesWithout([ssh, all], [all, ssh])).toEqual([]);
  });
});
