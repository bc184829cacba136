import { describe, expect, it } from 'vitest';
import type { ForensicAccess } from '../../src/case/forensic-access.ts';
import {
  compareRules,
  defaultEgress,
  isClosed,
  isCordonGroupName,
  isIsolationGroupName,
  isolationGroupKind,
  isolationGroupName,
  isolationRules,
  isSharedGroupName,
  isTransitionGroupName,
  lockdownGroupName,
  lockdownRules,
  nameOfAccount,
  seemsClosed,
  transitionGroupName,
  transitionRules,
} from '../../src/case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { describeRule } from '../../src/case/security-group.ts';
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

const office = '203.0.113.0/24';
const responders = 'sg-00000000000000f01';
const endpointGroup = 'sg-00000000000000e01';
const s3List = 'pl-6da54004';

const accessWith = (changes: Partial<ForensicAccess> = {}): ForensicAccess => ({
  cidrs: [office],
  systemsManagerGroupIds: [],
  ...changes,
});

describe('the names of the groups', () => {
  it('are known for every shared group and every suffix that counts the groups passed over', () => {
    for (const kind of ['full', 'forensic', 'forensic-s3'] as const) {
      for (let suffix = 1; suffix <= 9; suffix += 1) {
        const name = isolationGroupName(kind, suffix);
        expect(isolationGroupKind(name)).toEqual({ kind });
        expect(isSharedGroupName(name) && isCordonGroupName(name)).toBe(true);
      }
    }
    expect(isolationGroupName('full')).toBe('cordon-isolation-full');
    expect(isolationGroupName('forensic', 2)).toBe('cordon-isolation-forensic-2');
    expect(isolationGroupName('forensic-s3')).toBe('cordon-isolation-forensic-s3');
  });

  it('tell of which group a clone without its way out was made', () => {
    // Group ids had 8 hexadecimal digits until 2016, and have 17 since.
    for (const original of ['sg-0123456789abcdef0', 'sg-0123abcd']) {
      for (let suffix = 1; suffix <= 9; suffix += 1) {
        const name = lockdownGroupName(original, suffix);
        expect(isolationGroupKind(name)).toEqual({ kind: 'egress-lockdown', original });
        expect(isIsolationGroupName(name) && isCordonGroupName(name)).toBe(true);
      }
    }
    expect(lockdownGroupName('sg-0123abcd', 2)).toBe(
      'cordon-isolation-egress-lockdown-sg-0123abcd-2',
    );
  });

  it('keep to the characters and the length that AWS takes, for the longest id too', () => {
    const longest = lockdownGroupName('sg-0123456789abcdef0', 9);
    expect(longest.length).toBeLessThanOrEqual(255);
    expect(longest).toMatch(/^(?!sg-)[\w-]+$/);
  });

  it('never make a clone, which lets everybody in as before, one that is cut off', () => {
    expect(isSharedGroupName(lockdownGroupName('sg-0123456789abcdef0'))).toBe(false);
  });

  // threat B8
  it.each([
    'cordon-isolation',
    'cordon-isolation-open',
    'cordon-isolation-full-1',
    'cordon-isolation-full-22',
    'cordon-isolation-full ',
    'Cordon-Isolation-Full',
    'my-cordon-isolation-full',
    'cordon-isolation-full\n',
    'cordon-isolation-forensic-s4',
    'cordon-isolation-forensic-s3-s3',
    'cordon-isolation-egress-lockdown',
    'cordon-isolation-egress-lockdown-2',
    'cordon-isolation-egress-lockdown-sg-',
    'cordon-isolation-egress-lockdown-sg-0123456789abcdef0-1',
    'cordon-isolation-egress-lockdown-sg-0123456789abcdef0-22',
    'cordon-isolation-egress-lockdown-sg-0123456789abcdef01',
    'cordon-isolation-egress-lockdown-sg-web',
    'cordon-isolation-egress-lockdown-sg-0123456789abcdef0\n',
    'my-cordon-isolation-egress-lockdown-sg-0123456789abcdef0',
  ])('are not taken from a look-alike: "%s"', (name) => {
    expect(isIsolationGroupName(name) || isSharedGroupName(name)).toBe(false);
    expect(isolationGroupKind(name)).toBeUndefined();
  });

  it('never make the transition group one that isolates', () => {
    expect(isIsolationGroupName(transitionGroupName)).toBe(false);
    expect(isCordonGroupName(transitionGroupName)).toBe(true);
    expect(isCordonGroupName('web')).toBe(false);
  });

  // fault O15
  it('carry the account where another owner in the VPC has the name', () => {
    const account = '111122223333';
    expect(isolationGroupKind(nameOfAccount(isolationGroupName('full', 2), account))).toEqual({
      kind: 'full',
    });
    const clone = nameOfAccount(lockdownGroupName('sg-00000000000000001'), account);
    expect(isolationGroupKind(clone)).toEqual({
      kind: 'egress-lockdown',
      original: 'sg-00000000000000001',
    });
    expect(isTransitionGroupName(nameOfAccount(transitionGroupName, account))).toBe(true);
    expect(isTransitionGroupName('cordon-transition-1')).toBe(false);
  });
});

describe('the rules of a shared isolation group', () => {
  // threat F1
  it('are none under the profile full, whoever is named', () => {
    const access = accessWith({
      securityGroupId: responders,
      systemsManagerGroupIds: [endpointGroup],
      s3PrefixListId: s3List,
    });
    expect(isolationRules('full', access)).toEqual([]);
  });

  it('let SSH and RDP in from the named ranges under the profile forensic, and nothing out', () => {
    const rules = isolationRules('forensic', accessWith({ cidrs: [office, '2001:db8::/32'] }));
    expect(rules.map(describeRule)).toEqual([
      `ingress tcp 22 ${office}`,
      `ingress tcp 3389 ${office}`,
      'ingress tcp 22 2001:db8::/32',
      'ingress tcp 3389 2001:db8::/32',
    ]);
    expect(rules.map(({ peer }) => peer.kind)).toEqual(['ipv4', 'ipv4', 'ipv6', 'ipv6']);
  });

  it('let in the hosts of the responders by their security group, as well or instead', () => {
    const bySecurityGroup = [`ingress tcp 22 ${responders}`, `ingress tcp 3389 ${responders}`];
    const only = accessWith({ cidrs: [], securityGroupId: responders });
    expect(isolationRules('forensic', only).map(describeRule)).toEqual(bySecurityGroup);
    const both = accessWith({ securityGroupId: responders });
    expect(isolationRules('forensic', both).map(describeRule)).toEqual([
      `ingress tcp 22 ${office}`,
      `ingress tcp 3389 ${office}`,
      ...bySecurityGroup,
    ]);
  });

  it('let the agent out to the Systems Manager endpoints over TLS, and to nothing else', () => {
    const access = accessWith({ cidrs: [], systemsManagerGroupIds: [endpointGroup, 'sg-2'] });
    expect(isolationRules('forensic', access).map(describeRule)).toEqual([
      `egress tcp 443 ${endpointGroup}`,
      'egress tcp 443 sg-2',
    ]);
  });

  it('let evidence out to S3 in the group that is made for it, and only there', () => {
    const access = accessWith({ cidrs: [], s3PrefixListId: s3List });
    expect(isolationRules('forensic-s3', access).map(describeRule)).toEqual([
      `egress tcp 443 ${s3List}`,
    ]);
    expect(isolationRules('forensic', access)).toEqual([]);
    expect(isolationRules('forensic-s3', accessWith({ cidrs: [] }))).toEqual([]);
  });

  it('let nobody in under the profile forensic when nobody is named', () => {
    expect(isolationRules('forensic', accessWith({ cidrs: [] }))).toEqual([]);
  });
});

const webIn: Rule = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
};
const anyOut: Rule = {
  direction: 'egress',
  protocol: '-1',
  peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
};
const toDatabase: Rule = {
  direction: 'egress',
  protocol: 'tcp',
  fromPort: 5432,
  toPort: 5432,
  peer: { kind: 'group', id: 'sg-00000000000000db1' },
};

describe('the rules of the clone without a way out', () => {
  it('are the ways in of the original, and nothing out', () => {
    const original = groupWith([webIn, sshFrom(office), anyOut, toDatabase]);
    expect(lockdownRules(original, [])).toEqual([webIn, sshFrom(office)]);
  });

  it('are with the allow list, whatever the original lets out', () => {
    expect(lockdownRules(groupWith([webIn, anyOut]), [toDatabase])).toEqual([webIn, toDatabase]);
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
    const wanted = isolationRules('forensic', accessWith());
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
    const wanted = isolationRules('forensic', accessWith());
    expect(isClosed(groupWith([]), wanted)).toBe(true);
    expect(compareRules(groupWith([]), wanted).missing).toEqual(wanted);
  });
});

describe('a group that describe comes across', () => {
  const named = (name: string, ...rules: Rule[]) => ({ ...groupWith(rules), name });
  const allowances = { access: accessWith(), egressAllowList: [toDatabase] };
  const seems = (group: SecurityGroup) => seemsClosed(group, allowances);
  const out = (peer: Rule['peer'], port = 443): Rule => ({
    direction: 'egress',
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    peer,
  });
  const ways = [
    out({ kind: 'group', id: endpointGroup }),
    out({ kind: 'prefix-list', id: s3List }),
  ];

  it('seems closed with the responders, and the ways to evidence that are not known yet', () => {
    for (const kind of ['forensic', 'forensic-s3'] as const) {
      expect(seems(named(isolationGroupName(kind), sshFrom(office), ...ways))).toBe(true);
    }
  });

  it('does not seem closed when a forensic group lets more than that through', () => {
    for (const rule of [
      sshFrom('198.51.100.0/24'),
      webIn,
      anyOut,
      out({ kind: 'ipv4', cidr: '198.51.100.7/32' }),
      out({ kind: 'ipv6', cidr: '2001:db8::7/128' }),
      out({ kind: 'group', id: endpointGroup }, 22),
      { ...out({ kind: 'prefix-list', id: s3List }), fromPort: 0 },
      { ...out({ kind: 'group', id: endpointGroup }), protocol: 'udp' },
      { ...out({ kind: 'group', id: endpointGroup }), direction: 'ingress' as const },
    ]) {
      expect(seems(named('cordon-isolation-forensic', rule))).toBe(false);
    }
  });

  it('does not seem closed when the group full lets anything through at all', () => {
    expect(seems(named('cordon-isolation-full'))).toBe(true);
    for (const rule of [sshFrom(office), ...ways, toDatabase]) {
      expect(seems(named('cordon-isolation-full', rule))).toBe(false);
    }
  });

  it('seems closed as a clone whatever comes in, while nothing goes out but the allow list', () => {
    const clone = lockdownGroupName('sg-0123456789abcdef0');
    expect(seems(named(clone, webIn, sshFrom('0.0.0.0/0'), toDatabase))).toBe(true);
    expect(seems(named(clone))).toBe(true);
    for (const rule of [anyOut, ...ways]) expect(seems(named(clone, webIn, rule))).toBe(false);
  });

  it('does not seem closed under a name that Cordon does not give, without any rule', () => {
    for (const name of ['web', 'cordon-isolation-full-backdoor', transitionGroupName]) {
      expect(seems(named(name))).toBe(false);
    }
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
