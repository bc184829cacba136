import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, isCidr } from '../../src/case/address.ts';
import type { Spared } from '../../src/case/deniable.ts';
import { reasonToSpare } from '../../src/case/deniable.ts';
import { asRange } from '../../src/case/network-acl.ts';
import { anyText } from './any-text.ts';

const attacker = '93.184.216.34';

const reasonFor = (address: string, spared: Partial<Spared> = {}) =>
  reasonToSpare(address, { vpcCidrs: [], awsRanges: [], allowList: [], ...spared });

describe('an address that every host of the subnet is cut off from', () => {
  it.each([attacker, '2606:4700::1111', '1.1.1.1', '223.255.255.254'])(
    'is one out on the internet: %s',
    (address) => {
      expect(reasonFor(address)).toBeUndefined();
    },
  );

  it.each([
    ['10.0.0.10', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.254', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'behind a carrier'],
    ['127.0.0.1', 'the host itself'],
    ['169.254.169.254', 'the metadata service'],
    ['169.254.169.253', 'the resolver'],
    ['0.0.0.0', 'nobody'],
    ['255.255.255.255', 'everybody'],
    ['224.0.0.1', 'a group'],
    ['::1', 'the host itself'],
    ['::', 'nobody'],
    ['fe80::1', 'the link'],
    ['fd00:ec2::254', 'the metadata service'],
    ['fc00::1', 'private'],
    ['ff02::1', 'a group'],
    ['64:ff9b::5db8:d822', 'an IPv4 address behind NAT64'],
    ['::ffff:93.184.216.34', 'an IPv4 address written as IPv6'],
    ['::ffff:10.0.0.10', 'a private one written as IPv6'],
    ['::ffff:a00:a', 'a private one written as IPv6'],
  ])('is never %s, which is %s', (address) => {
    expect(reasonFor(address)).toMatch(/^it is no public address/);
  });

  it.each([
    '',
    'evil.example',
    '93.184.216',
    '93.184.216.34.5',
    '93.184.216.256',
    '093.184.216.034',
    '0x5d.0xb8.0xd8.0x22',
    '1572395042',
    '93.184.216.34/32',
    '0.0.0.0/0',
    '::/0',
    ' 93.184.216.34',
    '93.184.216.34\n',
    '[2606:4700::1111]',
    '2606:4700::1111::',
    '2606:4700::1111/128',
  ])('is never "%s", which is no address', (address) => {
    expect(reasonFor(address)).toBe('it is no address');
  });

  it('never has a zone of the link in it, which no rule of AWS takes', () => {
    expect(reasonFor('2606:4700::1111%eth0')).toBeDefined();
  });

  // threat D5
  it('is never one of the VPC, of AWS, or on the allow list; the reason says which', () => {
    const ranges = ['10.9.0.0/16', '93.184.216.0/24', '2606:4700::/32'];
    for (const address of [attacker, '2606:4700::1111']) {
      expect(reasonFor(address, { vpcCidrs: ranges })).toBe('it is an address of the VPC');
      expect(reasonFor(address, { awsRanges: ranges })).toBe('it belongs to a service of AWS');
      expect(reasonFor(address, { allowList: ranges })).toBe('it is on the allow list');
    }
    expect(reasonFor('93.184.217.34', { vpcCidrs: ranges })).toBeUndefined();
  });

  it('is spared by the allow list in whatever way the range is written', () => {
    for (const range of [`${attacker}/32`, '93.184.216.99/24', '2606:4700:0:0::1111/128']) {
      const address = range.includes(':') ? '2606:4700::1111' : attacker;
      expect(reasonFor(address, { allowList: [range] })).toBe('it is on the allow list');
    }
  });

  it('is not spared by what is no range', () => {
    expect(reasonFor(attacker, { allowList: ['', 'everybody', '93.184.216.0/33'] })).toBe(
      undefined,
    );
  });
});

describe('whatever a finding calls an address', () => {
  const ipv4 = fc.ipV4();
  const anything = fc.oneof(ipv4, fc.ipV4Extended(), fc.ipV6(), anyText());

  it('it is denied only as one range that AWS takes, of one address', () => {
    fc.assert(
      fc.property(anything, (text) => {
        if (reasonFor(text) !== undefined) return;
        expect(isCidr(asRange(text))).toBe(true);
        expect(text).toMatch(/^[0-9a-fA-F.:]+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('it is denied never inside the VPC, the lists, or any private range', () => {
    const cidr = fc
      .tuple(ipv4, fc.integer({ min: 1, max: 32 }))
      .map(([address, length]) => `${address}/${length}`);
    const lists = fc.array(cidr, { maxLength: 5 });
    const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];
    fc.assert(
      fc.property(ipv4, lists, lists, lists, (address, vpcCidrs, awsRanges, allowList) => {
        const kept = [...vpcCidrs, ...awsRanges, ...allowList, ...privateRanges];
        if (!kept.some((range) => contains(range, address))) return;
        expect(reasonToSpare(address, { vpcCidrs, awsRanges, allowList })).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });
});
