import { describe, expect, it } from 'vitest';
import {
  compareRules,
  defaultEgress,
  isClosed,
  isCordonGroupName,
  isIsolationGroupName,
  isolationGroupName,
  isolationProfiles,
  isolationRules,
  transitionGroupName,
  transitionRules,
} from '../../src/case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { accountId, vpcId } from './sample-before.ts';

const groupWith = (rules: readonly Rule[]): SecurityGroup => ({
  id: 'sg-0000000000000000a',
  name: 'cordon-isolation-full',
  vpcId,
  ownerId: accountId,
  rules,
});

const sshFrom = (cidr: string): Rule => ({
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  peer: { kind: cidr.includes(':') ? 'ipv6' : 'ipv4', cidr },
});

describe('the names of the groups', () => {
  it('are known for every profile and every suffix that counts the groups passed over', () => {
    for (const profile of isolationProfiles) {
      for (let suffix = 1; suffix <= 9; suffix += 1) {
        expect(isIsolationGroupName(isolationGroupName(profile, suffix))).toBe(true);
      }
    }
    expect(isolationGroupName('full')).toBe('cordon-isolation-full');
    expect(isolationGroupName('forensic', 2)).toBe('cordon-isolation-forensic-2');
  });

  it('are not taken from look-alikes', () => {
    for (const name of [
      'cordon-isolation',
      'cordon-isolation-open',
      'cordon-isolation-full-1',
      'cordon-isolation-full-22',
      'cordon-isolation-full ',
      'Cordon-Isolation-Full',
      'my-cordon-isolation-full',
      'cordon-isolation-full\n',
    ]) {
      expect(isIsolationGroupName(name)).toBe(false);
    }
  });

  it('never make the transition group one that isolates', () => {
    expect(isIsolationGroupName(transitionGroupName)).toBe(false);
    expect(isCordonGroupName(transitionGroupName)).toBe(true);
    expect(isCordonGroupName('web')).toBe(false);
  });
});

describe('the rules of the isolation group', () => {
  it('are none under the profile full, whoever is named', () => {
    expect(isolationRules('full', ['203.0.113.0/24'])).toEqual([]);
  });

  it('let SSH and RDP in from the named ranges under the profile forensic, and nothing out', () => {
    const rules = isolationRules('forensic', ['203.0.113.0/24', '2001:db8::/32']);
    expect(rules).toHaveLength(4);
    expect(rules.every((rule) => rule.direction === 'ingress' && rule.protocol === 'tcp')).toBe(
      true,
    );
    expect(rules.map((rule) => [rule.fromPort, rule.toPort, rule.peer.kind])).toEqual([
      [22, 22, 'ipv4'],
      [3389, 3389, 'ipv4'],
      [22, 22, 'ipv6'],
      [3389, 3389, 'ipv6'],
    ]);
  });

  it('let nobody in under the profile forensic when nobody is named', () => {
    expect(isolationRules('forensic', [])).toEqual([]);
  });
});

describe('a group, compared with the rules it should have', () => {
  it('is closed without any rule', () => {
    expect(isClosed(groupWith([]), [])).toBe(true);
  });

  it('is open with the egress rules that AWS gives to a new group, IPv4 or IPv6', () => {
    for (const rule of defaultEgress) expect(isClosed(groupWith([rule]), [])).toBe(false);
    expect(defaultEgress.map((rule) => 'cidr' in rule.peer && rule.peer.cidr)).toEqual([
      '0.0.0.0/0',
      '::/0',
    ]);
  });

  it('is open with a rule that somebody added, and says which', () => {
    const wanted = isolationRules('forensic', ['203.0.113.0/24']);
    const added = sshFrom('198.51.100.0/24');
    expect(compareRules(groupWith([...wanted, added]), wanted)).toEqual({
      excess: [added],
      missing: [],
    });
    expect(isClosed(groupWith([...wanted, added]), wanted)).toBe(false);
  });

  it('is open where only a group or a prefix list is let through', () => {
    const peer = { kind: 'group', id: 'sg-0000000000000000b' } as const;
    expect(isClosed(groupWith([{ direction: 'ingress', protocol: '-1', peer }]), [])).toBe(false);
  });

  it('is closed without the forensic access: missing access is no hole', () => {
    const wanted = isolationRules('forensic', ['203.0.113.0/24']);
    expect(isClosed(groupWith([]), wanted)).toBe(true);
    expect(compareRules(groupWith([]), wanted).missing).toEqual(wanted);
  });
});

describe('the transition group', () => {
  it('opens both directions in both families: only then are flows untracked', () => {
    const seen = transitionRules.map(({ direction, protocol, peer }) => [
      direction,
      protocol,
      'cidr' in peer ? peer.cidr : undefined,
    ]);
    expect(seen).toEqual([
      ['ingress', '-1', '0.0.0.0/0'],
      ['ingress', '-1', '::/0'],
      ['egress', '-1', '0.0.0.0/0'],
      ['egress', '-1', '::/0'],
    ]);
  });
});
