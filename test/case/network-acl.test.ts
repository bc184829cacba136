import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../../src/case/address.ts';
import type { AclEntry } from '../../src/case/network-acl.ts';
import { asRange, planDeny } from '../../src/case/network-acl.ts';

const attacker = '198.51.100.77';

const entry = (changes: Partial<AclEntry> = {}): AclEntry => ({
  number: 100,
  egress: false,
  allow: true,
  protocol: '-1',
  cidr: '0.0.0.0/0',
  ...changes,
});

/** The number that the deny is given; or why there is none. */
const plannedFor = (entries: readonly AclEntry[], address = attacker, egress = false) => {
  const plan = planDeny({ entries }, address, egress);
  return plan.kind === 'deny' ? plan.entry.number : plan.kind;
};

describe('a deny in a network ACL', () => {
  it('stands right below the allow that lets the address in', () => {
    expect(planDeny({ entries: [entry()] }, attacker, false)).toEqual({
      kind: 'deny',
      entry: { number: 99, egress: false, allow: false, protocol: '-1', cidr: `${attacker}/32` },
    });
  });

  it('stands below the first of several allows, not below the last', () => {
    const web = entry({ number: 50, protocol: '6', cidr: '198.51.100.0/24' });
    expect(plannedFor([entry(), web])).toBe(49);
  });

  it('need not stand below an allow for other addresses', () => {
    expect(plannedFor([entry({ number: 10, cidr: '10.0.0.0/8' }), entry()])).toBe(99);
  });

  it('need not stand below an allow of the other direction, whose numbers it may share', () => {
    const outbound = entry({ number: 99, egress: true });
    expect(plannedFor([entry(), outbound])).toBe(99);
    expect(plannedFor([entry(), outbound], attacker, true)).toBe(98);
  });

  it('need not stand below an allow of the other address family', () => {
    const ipv6 = entry({ number: 201, cidr: '::/0' });
    expect(plannedFor([entry(), ipv6], '2606:4700::1111')).toBe(200);
    expect(plannedFor([entry(), ipv6])).toBe(99);
  });

  it('stands at the very end where nothing lets the address in', () => {
    expect(plannedFor([])).toBe(32_766);
    expect(plannedFor([entry({ number: 32_767, allow: false })])).toBe(32_766);
  });

  it('never takes a number that somebody else uses, for whatever address', () => {
    const others = [99, 98, 97].map((number) =>
      entry({ number, allow: false, cidr: '203.0.113.0/24' }),
    );
    expect(plannedFor([entry(), ...others])).toBe(96);
  });

  it('is not needed where an earlier rule denies the address everything', () => {
    const denied = entry({ number: 30, allow: false, cidr: '198.51.100.0/24' });
    expect(planDeny({ entries: [entry(), denied] }, attacker, false)).toEqual({
      kind: 'already',
      number: 30,
    });
  });

  it('is needed where the other deny comes too late, denies one protocol, or the other way', () => {
    expect(plannedFor([entry(), entry({ number: 101, allow: false })])).toBe(99);
    expect(plannedFor([entry(), entry({ number: 40, allow: false, protocol: '6' })])).toBe(99);
    expect(plannedFor([entry(), entry({ number: 40, allow: false, egress: true })])).toBe(99);
  });

  it('is not planned a second time when it stands where the first plan put it', () => {
    const first = planDeny({ entries: [entry()] }, attacker, false);
    if (first.kind !== 'deny') throw new Error('there was room');
    expect(plannedFor([entry(), first.entry])).toBe('already');
  });

  it('has no room below an allow at number 1, nor where every number is taken; which is said', () => {
    const blocking = [1, 2, 3].map((number) => entry({ number, allow: false, cidr: '10.0.0.0/8' }));
    expect(planDeny({ entries: [entry({ number: 1 })] }, attacker, false)).toEqual({
      kind: 'no-room',
      below: 1,
    });
    expect(planDeny({ entries: [...blocking, entry({ number: 4 })] }, attacker, false)).toEqual({
      kind: 'no-room',
      below: 4,
    });
  });

  it('names one address alone, of either family', () => {
    expect(asRange(attacker)).toBe(`${attacker}/32`);
    expect(asRange('2606:4700::1111')).toBe('2606:4700::1111/128');
  });
});

const ranges = fc.constantFrom(
  '0.0.0.0/0',
  '198.51.100.0/24',
  `${attacker}/32`,
  '10.0.0.0/8',
  '::/0',
  '2606:4700::/32',
  'no range',
);

const entries = fc.array(
  fc.record({
    // Few numbers at the bottom, so that they meet and run out.
    number: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 32_767 })),
    egress: fc.boolean(),
    allow: fc.boolean(),
    protocol: fc.constantFrom('-1', '6', '17'),
    cidr: ranges,
  }),
  { maxLength: 20 },
);

/** What AWS makes of a packet of any protocol: the first entry that matches it decides. */
const verdict = (all: readonly AclEntry[], address: string, egress: boolean, protocol: string) =>
  all
    .filter((one) => one.egress === egress && contains(one.cidr, address))
    .filter((one) => one.protocol === '-1' || one.protocol === protocol)
    .toSorted((a, b) => a.number - b.number || Number(a.allow) - Number(b.allow))[0]?.allow ??
  false;

describe('in any network ACL', () => {
  const addresses = fc.constantFrom(attacker, '2606:4700::1111');

  it('the number is free, between 1 and 32766, and below every allow that matches', () => {
    fc.assert(
      fc.property(entries, addresses, fc.boolean(), (all, address, egress) => {
        const plan = planDeny({ entries: all }, address, egress);
        if (plan.kind !== 'deny') return;
        const { number, ...rest } = plan.entry;
        expect(rest).toEqual({ egress, allow: false, protocol: '-1', cidr: asRange(address) });
        expect(Number.isInteger(number) && number >= 1 && number <= 32_766).toBe(true);
        const its = all.filter((one) => one.egress === egress);
        expect(its.map((one) => one.number)).not.toContain(number);
        for (const one of its) {
          if (one.allow && contains(one.cidr, address)) expect(number).toBeLessThan(one.number);
        }
      }),
    );
  });

  it('the address is denied for good after the plan was made, or there is no room', () => {
    fc.assert(
      fc.property(entries, addresses, fc.boolean(), (drawn, address, egress) => {
        // A number is used once per direction.
        const all = [...new Map(drawn.map((one) => [`${one.egress} ${one.number}`, one])).values()];
        const plan = planDeny({ entries: all }, address, egress);
        if (plan.kind === 'no-room') {
          const used = all.filter((one) => one.egress === egress && one.number < plan.below);
          expect(new Set(used.map((one) => one.number)).size).toBe(plan.below - 1);
          return;
        }
        const after = plan.kind === 'deny' ? [...all, plan.entry] : all;
        for (const protocol of ['6', '17', '1']) {
          expect(verdict(after, address, egress, protocol)).toBe(false);
        }
      }),
    );
  });
});
