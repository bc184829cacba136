import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCidr, isCidr, prefixLength } from '../../src/case/address.ts';
import { parseEgressAllowance } from '../../src/case/egress-allow-list.ts';
import { describeRule } from '../../src/case/security-group.ts';
import { anyText } from './any-text.ts';

describe('a way out that a serving host keeps', () => {
  it.each([
    ['tcp/443:10.0.0.0/16', 'egress tcp 443 10.0.0.0/16'],
    ['tcp/5432:sg-0123456789abcdef0', 'egress tcp 5432 sg-0123456789abcdef0'],
    ['tcp/5432:sg-0123abcd', 'egress tcp 5432 sg-0123abcd'],
    ['tcp/443:pl-6da54004', 'egress tcp 443 pl-6da54004'],
    ['udp/8125-8126:pl-0123456789abcdef0', 'egress udp 8125-8126 pl-0123456789abcdef0'],
    ['tcp/443:2001:db8:17::/48', 'egress tcp 443 2001:db8:17::/48'],
    ['tcp/1-65535:10.0.0.7/32', 'egress tcp 1-65535 10.0.0.7/32'],
    // AWS gives a range back without its host bits and in its shortest form.
    ['tcp/443:10.0.0.7/16', 'egress tcp 443 10.0.0.0/16'],
    ['tcp/443:2001:DB8:17:0::1/48', 'egress tcp 443 2001:db8:17::/48'],
  ])('%s is %s', (text, rule) => {
    const parsed = parseEgressAllowance(text);
    expect(parsed && describeRule(parsed)).toBe(rule);
  });

  it('has a peer of the kind that it names', () => {
    const kindOf = (target: string) => parseEgressAllowance(`tcp/443:${target}`)?.peer.kind;
    expect(
      ['10.0.0.0/16', '2001:db8::/32', 'sg-0123abcd', 'pl-0123abcd'].map((one) => kindOf(one)),
    ).toEqual(['ipv4', 'ipv6', 'group', 'prefix-list']);
  });

  it.each([
    ['everybody, IPv4', 'tcp/443:0.0.0.0/0'],
    ['everybody, IPv6', 'tcp/443:::/0'],
    ['everybody, with an address', 'tcp/443:10.0.0.7/0'],
    ['everybody, with zeros', 'tcp/443:10.0.0.0/00'],
    ['all protocols', '-1/443:10.0.0.0/16'],
    ['all protocols by name', 'all:10.0.0.0/16'],
    ['pings, which tunnel', 'icmp/8:10.0.0.0/16'],
    ['no protocol', '443:10.0.0.0/16'],
    ['no port', 'tcp:10.0.0.0/16'],
    ['no target', 'tcp/443:'],
    ['a port beyond the last', 'tcp/65536:10.0.0.0/16'],
    ['a range beyond the last', 'tcp/443-65536:10.0.0.0/16'],
    ['a range that runs backwards', 'tcp/8126-8125:10.0.0.0/16'],
    ['a negative port', 'tcp/-1:10.0.0.0/16'],
    ['an address without a length', 'tcp/443:10.0.0.7'],
    ['a length too long', 'tcp/443:10.0.0.0/33'],
    ['a host name', 'tcp/443:example.org'],
    ['a bucket', 'tcp/443:evidence'],
    ['a group by name', 'tcp/443:sg-web'],
    ['two targets', 'tcp/443:10.0.0.0/16,10.1.0.0/16'],
    ['a space before', ' tcp/443:10.0.0.0/16'],
    ['a line after', 'tcp/443:10.0.0.0/16\n'],
    ['capitals', 'TCP/443:10.0.0.0/16'],
    ['nothing', ''],
  ])('is never %s', (_what, text) => {
    expect(parseEgressAllowance(text)).toBeUndefined();
  });
});

const ranges = fc.oneof(
  fc
    .tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 }))
    .map(([address, length]) => `${address}/${length}`),
  // Without the deprecated notation ::192.0.2.1.
  fc
    .tuple(
      fc.ipV6().filter((address) => !address.includes('.')),
      fc.integer({ min: 1, max: 128 }),
    )
    .map(([address, length]) => `${address}/${length}`),
);
const identifiers = fc
  .tuple(fc.constantFrom('sg', 'pl'), fc.stringMatching(/^[0-9a-f]{8}(?:[0-9a-f]{9})?$/))
  .map(([kind, digits]) => `${kind}-${digits}`);
const ports = fc.integer({ min: 0, max: 70_000 });
const protocols = fc.constantFrom('tcp', 'udp');

describe('whatever stands in the setting', () => {
  const almost = fc
    .tuple(
      fc.constantFrom('tcp', 'udp', 'icmp', '-1', ''),
      fc.constantFrom('/', ' ', ''),
      fc.oneof(ports.map(String), anyText({ maxLength: 6 })),
      fc.constantFrom('-', ''),
      fc.oneof(ports.map(String), fc.constant('')),
      fc.constantFrom(':', ''),
      fc.oneof(
        ranges,
        identifiers,
        fc.ipV4().map((address) => `${address}/0`),
        fc.ipV6().map((address) => `${address}/0`),
        fc.constantFrom('fe80::1%eth0/64', '::ffff:0.0.0.0/96', '0.0.0.0/00'),
        anyText(),
      ),
    )
    .map((parts) => parts.join(''));

  it('is never a way to everybody, never a port beyond the last, never a way in', () => {
    fc.assert(
      fc.property(fc.oneof(almost, anyText()), (text) => {
        const rule = parseEgressAllowance(text);
        if (rule === undefined) return;
        const { direction, protocol, fromPort = -1, toPort = -1, peer } = rule;
        expect(direction).toBe('egress');
        expect(['tcp', 'udp']).toContain(protocol);
        expect(fromPort >= 0 && fromPort <= toPort && toPort <= 65_535).toBe(true);
        if (peer.kind === 'ipv4' || peer.kind === 'ipv6') {
          expect(isCidr(peer.cidr)).toBe(true);
          expect(prefixLength(peer.cidr)).toBeGreaterThan(0);
        } else {
          expect(peer.id).toMatch(/^(?:sg|pl)-[0-9a-f]{8,17}$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes back as it was meant: protocol, ports and target', () => {
    const well = fc.tuple(
      protocols,
      fc.integer({ min: 0, max: 65_535 }),
      fc.integer({ min: 0, max: 65_535 }),
      fc.oneof(ranges, identifiers),
    );
    fc.assert(
      fc.property(well, ([protocol, one, other, target]) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const shown = describeRule(
          parseEgressAllowance(`${protocol}/${from}-${to}:${target}`) ?? expect.fail(),
        );
        const between = from === to ? `${from}` : `${from}-${to}`;
        expect(shown).toBe(`egress ${protocol} ${between} ${canonicalCidr(target)}`);
        const single = parseEgressAllowance(`${protocol}/${to}:${target}`);
        expect(single).toMatchObject({ fromPort: to, toPort: to });
      }),
    );
  });
});
