import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCidr, contains, familyOf, isCidr, prefixLength } from '../../src/case/address.ts';

describe('address ranges', () => {
  it.each(['0.0.0.0/0', '10.20.0.0/16', '203.0.113.7/32', '::/0', '2001:db8::/32', '::1/128'])(
    'takes %s for a range',
    (cidr) => {
      expect(isCidr(cidr)).toBe(true);
    },
  );

  it.each([
    '',
    '/',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8x',
    '10.0.0/8',
    '300.0.0.0/8',
    '2001:db8::/129',
    'sg-0123456789abcdef0/1',
  ])('takes "%s" for none', (cidr) => {
    expect(isCidr(cidr)).toBe(false);
  });

  it('knows the family of an address, and that a name has none', () => {
    expect([familyOf('10.0.0.1'), familyOf('2001:db8::1'), familyOf('example.org')]).toEqual([
      'ipv4',
      'ipv6',
      undefined,
    ]);
  });

  it('tells the length of a prefix, and -1 for what is no range', () => {
    expect([prefixLength('10.0.0.0/8'), prefixLength('::/0'), prefixLength('local')]).toEqual([
      8, 0, -1,
    ]);
  });
});

describe('an address in a range', () => {
  it('finds an address of either family in its range', () => {
    expect(contains('10.20.0.0/16', '10.20.255.1')).toBe(true);
    expect(contains('10.20.0.0/16', '10.21.0.1')).toBe(false);
    expect(contains('2001:db8::/32', '2001:db8:ffff::1')).toBe(true);
    expect(contains('2001:db8::/32', '2001:db9::1')).toBe(false);
  });

  it('does not mix the families up', () => {
    expect(contains('0.0.0.0/0', '2001:db8::1')).toBe(false);
    expect(contains('::/0', '10.0.0.1')).toBe(false);
  });

  it('finds a range in a wider one, never in a narrower one', () => {
    expect(contains('10.0.0.0/8', '10.1.0.0/16')).toBe(true);
    expect(contains('10.0.0.0/16', '10.0.0.0/8')).toBe(false);
    expect(contains('0.0.0.0/0', '0.0.0.0/0')).toBe(true);
    expect(contains('0.0.0.0/1', '0.0.0.0/0')).toBe(false);
  });

  it('finds every IPv4 address in 0.0.0.0/0 and in its own /32, and every IPv6 address alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        expect(contains('0.0.0.0/0', four) && contains(`${four}/32`, four)).toBe(true);
        expect(contains('::/0', six) && contains(`${six}/128`, six)).toBe(true);
      }),
    );
  });

  it('answers, whatever it is asked: routes and findings come from outside', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom('fe80::1%eth0/64', 'fe80::1%eth0', '::ffff:10.0.0.1/96', '10.0.0.0/08'),
      fc.tuple(fc.string(), fc.integer()).map(([address, length]) => `${address}/${length}`),
    );
    fc.assert(
      fc.property(anything, anything, (cidr, address) => {
        expect(typeof contains(cidr, address)).toBe('boolean');
      }),
    );
  });
});

describe('a range as EC2 gives it back', () => {
  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.77/32', '203.0.113.77/32'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001/64', '2001:db8::/64'],
    ['2001:db8::1/128', '2001:db8::1/128'],
  ])('%s is %s', (typed, kept) => {
    expect(canonicalCidr(typed)).toBe(kept);
  });

  it('contains what the typed range contains, and does not change again', () => {
    const ranges = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      // Without the deprecated notation ::192.0.2.1.
      fc.tuple(
        fc.ipV6().filter((address) => !address.includes('.')),
        fc.integer({ min: 0, max: 128 }),
      ),
    );
    fc.assert(
      fc.property(ranges, ([address, length]) => {
        const kept = canonicalCidr(`${address}/${length}`);
        expect(contains(kept, address) && isCidr(kept)).toBe(true);
        expect(prefixLength(kept)).toBe(length);
        expect(canonicalCidr(kept)).toBe(kept);
      }),
    );
  });

  it('is left as it is typed where it is no range', () => {
    for (const text of ['', 'office', '10.0.0.0', '10.0.0.0/33']) {
      expect(canonicalCidr(text)).toBe(text);
    }
  });
});
