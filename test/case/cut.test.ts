import { describe, expect, it } from 'vitest';
import type { Route, RouteTable } from '../../src/case/cut.ts';
import { interfacesWithoutRoutes, trackedPaths } from '../../src/case/cut.ts';
import { interfaceWith, subnetId, vpcId } from './sample-before.ts';

const to = (destination: string, target: string, active = true): Route => ({
  destination,
  target,
  active,
});

const local = to('10.20.0.0/16', 'local');
const internet = to('0.0.0.0/0', 'igw-0123456789abcdef0');
const nat = to('0.0.0.0/0', 'nat-0123456789abcdef0');
const egressOnly = to('::/0', 'eigw-0123456789abcdef0');

const tableWith = (routes: readonly Route[], changes: Partial<RouteTable> = {}): RouteTable => ({
  id: 'rtb-0123456789abcdef0',
  vpcId,
  main: false,
  subnetIds: [subnetId],
  routes: [local, ...routes],
  ...changes,
});

const twoFamilies = interfaceWith({ ipv6Addresses: ['2001:db8::15'] });
const onlyIpv6 = interfaceWith({ privateAddresses: [], ipv6Addresses: ['2001:db8::15'] });

describe('the way out of an interface', () => {
  it('is no tracked one through an internet gateway: the cut is complete', () => {
    expect(trackedPaths([interfaceWith()], [tableWith([internet])])).toEqual([]);
  });

  it('is tracked through a NAT gateway, where old connections may live', () => {
    expect(trackedPaths([interfaceWith()], [tableWith([nat])])).toEqual([
      {
        interfaceId: 'eni-0a1b2c3d4e5f60718',
        destination: '0.0.0.0/0',
        target: 'nat-0123456789abcdef0',
        kind: 'nat-gateway',
      },
    ]);
  });

  it.each([
    ['vpce-0123456789abcdef0', 'endpoint'],
    ['tgw-0123456789abcdef0', 'transit-gateway'],
    ['vgw-0123456789abcdef0', 'virtual-private-gateway'],
  ])('is tracked through %s', (target, kind) => {
    const paths = trackedPaths([interfaceWith()], [tableWith([to('0.0.0.0/0', target)])]);
    expect(paths.map((path) => path.kind)).toEqual([kind]);
  });

  it.each(['igw-1', 'eni-1', 'pcx-1', 'i-1', 'lgw-1', 'local'])('is not through %s', (target) => {
    expect(trackedPaths([interfaceWith()], [tableWith([to('0.0.0.0/0', target)])])).toEqual([]);
  });

  it('does not exist without a default route: the cut is complete', () => {
    expect(trackedPaths([interfaceWith()], [tableWith([])])).toEqual([]);
  });

  it('does not exist where the gateway is gone and the route is a black hole', () => {
    const hole = to('0.0.0.0/0', 'nat-0123456789abcdef0', false);
    expect(trackedPaths([interfaceWith()], [tableWith([hole])])).toEqual([]);
  });

  it('is looked for in each address family that the interface has', () => {
    const table = tableWith([internet, egressOnly]);
    expect(trackedPaths([interfaceWith()], [table])).toEqual([]);
    expect(trackedPaths([twoFamilies], [table]).map((path) => path.kind)).toEqual([
      'egress-only-gateway',
    ]);
  });

  it('is not looked for in IPv4 where the interface has only IPv6', () => {
    expect(trackedPaths([onlyIpv6], [tableWith([nat, to('::/0', 'igw-1')])])).toEqual([]);
    expect(trackedPaths([onlyIpv6], [tableWith([nat, egressOnly])])).toHaveLength(1);
  });

  it('is also found where the default route is split into two halves', () => {
    const halves = [
      to('0.0.0.0/1', 'nat-0123456789abcdef0'),
      to('128.0.0.0/1', 'nat-0123456789abcdef0'),
    ];
    expect(trackedPaths([interfaceWith()], [tableWith(halves)])).not.toEqual([]);
  });
});

describe('the way to the addresses that the finding names', () => {
  const commandAndControl = '198.51.100.77';

  it('follows the longest prefix, as the router of the VPC does', () => {
    const table = tableWith([
      to('198.51.0.0/16', 'vgw-0123456789abcdef0'),
      internet,
      to('198.51.100.0/24', 'tgw-0123456789abcdef0'),
    ]);
    expect(trackedPaths([interfaceWith()], [table], [commandAndControl])).toEqual([
      {
        interfaceId: 'eni-0a1b2c3d4e5f60718',
        destination: commandAndControl,
        target: 'tgw-0123456789abcdef0',
        kind: 'transit-gateway',
      },
    ]);
  });

  it('is not tracked when the more specific route is not', () => {
    const table = tableWith([nat, to('198.51.100.0/24', 'igw-0123456789abcdef0')]);
    const paths = trackedPaths([interfaceWith()], [table], [commandAndControl]);
    expect(paths.map((path) => path.destination)).toEqual(['0.0.0.0/0']);
  });

  it('is not looked for in a family that the interface does not have', () => {
    const table = tableWith([to('2001:db8:bad::/48', 'tgw-0123456789abcdef0'), internet]);
    expect(trackedPaths([interfaceWith()], [table], ['2001:db8:bad::1'])).toEqual([]);
    expect(trackedPaths([twoFamilies], [table], ['2001:db8:bad::1'])).toHaveLength(1);
  });

  it('does not stumble over what is no address', () => {
    expect(trackedPaths([interfaceWith()], [tableWith([internet])], ['example.org', ''])).toEqual(
      [],
    );
  });
});

describe('the route table', () => {
  const main = (routes: readonly Route[], changes: Partial<RouteTable> = {}) =>
    tableWith(routes, { id: 'rtb-main', main: true, subnetIds: [], ...changes });

  it('is the one of the subnet, not the main one', () => {
    expect(trackedPaths([interfaceWith()], [main([nat]), tableWith([internet])])).toEqual([]);
  });

  it('is the main one of the VPC where the subnet has none of its own', () => {
    const other = tableWith([internet], { subnetIds: ['subnet-other'] });
    expect(trackedPaths([interfaceWith()], [other, main([nat])])).toHaveLength(1);
  });

  it('is never the main one of another VPC', () => {
    const tables = [main([nat], { vpcId: 'vpc-other' })];
    expect(trackedPaths([interfaceWith()], tables)).toEqual([]);
    expect(interfacesWithoutRoutes([interfaceWith()], tables)).toEqual(['eni-0a1b2c3d4e5f60718']);
  });

  it('is found per interface: one behind a NAT gateway is enough for a warning', () => {
    const second = interfaceWith({ id: 'eni-second', subnetId: 'subnet-private' });
    const tables = [tableWith([internet]), tableWith([nat], { subnetIds: ['subnet-private'] })];
    const paths = trackedPaths([interfaceWith(), second], tables);
    expect(paths.map((path) => path.interfaceId)).toEqual(['eni-second']);
    expect(interfacesWithoutRoutes([interfaceWith(), second], tables)).toEqual([]);
  });
});
