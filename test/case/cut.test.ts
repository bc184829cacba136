import { describe, expect, it } from 'vitest';
import { trackedPaths } from '../../src/case/cut.ts';
import type { VpcEndpoint } from '../../src/case/forensic-access.ts';
import type { Route, RouteTable } from '../../src/case/route-table.ts';
import { interfacesWithoutRoutes } from '../../src/case/route-table.ts';
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
    ['pcx-0123456789abcdef0', 'peering'],
    ['VpcLattice', 'vpc-lattice'],
    ['arn:aws:networkmanager::123456789012:core-network/core-network-1', 'core-network'],
    ['arn:aws:odb:us-east-1:123456789012:odb-network/odbnet_1', 'unknown-target'],
    ['', 'unknown-target'],
  ])('is tracked through %s', (target, kind) => {
    const paths = trackedPaths([interfaceWith()], [tableWith([to('0.0.0.0/0', target)])]);
    expect(paths.map((path) => path.kind)).toEqual([kind]);
  });

  it.each(['igw-1', 'eni-1', 'i-1', 'lgw-1', 'cagw-1', 'local'])('is not through %s', (target) => {
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

describe('a route that is no default route', () => {
  const kindsOf = (routes: readonly Route[], one = interfaceWith()) =>
    trackedPaths([one], [tableWith([internet, ...routes])]).map(({ kind }) => kind);

  // fault C2
  it('counts wherever it leads: the attacker may be behind it', () => {
    expect(kindsOf([to('10.0.2.0/24', 'vpce-0123456789abcdef0')])).toEqual(['endpoint']);
    expect(kindsOf([to('100.64.0.0/10', 'nat-0123456789abcdef0')])).toEqual(['nat-gateway']);
    expect(kindsOf([to('pl-0123456789abcdef0', 'tgw-0123456789abcdef0')])).toEqual([
      'transit-gateway',
    ]);
  });

  // fault C2
  it('counts where an automated internet firewall stands in front of the internet gateway', () => {
    const firewalled = { ...internet, firewall: true as const };
    const paths = trackedPaths([interfaceWith()], [tableWith([firewalled])]);
    expect(paths.map(({ kind }) => kind)).toEqual(['internet-firewall']);
  });

  // fault C2
  it('counts over IPv6 where the interface has a delegated prefix, and no address', () => {
    const delegated = interfaceWith({ prefixes: ['2001:db8:0:1::/80'] });
    expect(kindsOf([egressOnly], delegated)).toEqual(['egress-only-gateway']);
  });
});

describe('a gateway endpoint', () => {
  const prefixList = to('pl-0123456789abcdef0', 'vpce-0123456789abcdef0');
  const endpointFor = (service: string): VpcEndpoint => ({
    id: 'vpce-0123456789abcdef0',
    vpcId,
    serviceName: `com.amazonaws.us-east-1.${service}`,
    type: 'gateway',
    groupIds: [],
  });
  const kindsWith = (endpoints: readonly VpcEndpoint[]) =>
    trackedPaths([interfaceWith()], [tableWith([internet, prefixList])], endpoints).map(
      ({ kind }) => kind,
    );

  // fault C2
  it('is tracked for DynamoDB, not for S3, and counts as tracked where it was not read', () => {
    expect(kindsWith([endpointFor('dynamodb')])).toEqual(['dynamodb-endpoint']);
    expect(kindsWith([endpointFor('s3')])).toEqual([]);
    expect(kindsWith([])).toEqual(['endpoint']);
  });
});

describe('the way in', () => {
  // fault C2
  it('is tracked where another subnet, or the internet gateway, is led to the host by an endpoint', () => {
    const inspected = to('10.20.1.0/24', 'vpce-0123456789abcdef0');
    const own = tableWith([internet]);
    const other = tableWith([inspected], { id: 'rtb-other', subnetIds: ['subnet-other'] });
    const edge = tableWith([inspected], { id: 'rtb-edge', subnetIds: [], edge: true });
    const unused = tableWith([inspected], { id: 'rtb-unused', subnetIds: [] });
    expect(trackedPaths([interfaceWith()], [own, unused])).toEqual([]);
    expect(trackedPaths([interfaceWith()], [own, other])).toHaveLength(1);
    expect(trackedPaths([interfaceWith()], [own, edge])).toHaveLength(1);
  });

  it('is not tracked where other subnets have the default route of NAT, and reach the host locally', () => {
    const other = tableWith([nat], { id: 'rtb-other', subnetIds: ['subnet-other'] });
    expect(trackedPaths([interfaceWith()], [tableWith([internet]), other])).toEqual([]);
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

  // fault C15
  it('is that of every subnet that the interface is associated with', () => {
    const second = interfaceWith({ associatedSubnetIds: ['subnet-second'] });
    const tables = [
      tableWith([internet]),
      tableWith([nat], { id: 'rtb-second', subnetIds: ['subnet-second'] }),
    ];
    expect(trackedPaths([interfaceWith()], tables)).toEqual([]);
    expect(trackedPaths([second], tables)).toHaveLength(1);
  });

  it('is never the main one of another VPC', () => {
    const tables = [main([nat], { vpcId: 'vpc-other' })];
    expect(trackedPaths([interfaceWith()], tables)).toEqual([]);
    expect(interfacesWithoutRoutes([interfaceWith()], tables)).toEqual(['eni-0a1b2c3d4e5f60718']);
  });

  it('is found per interface: one behind a NAT gateway is enough for a warning', () => {
    const second = interfaceWith({ id: 'eni-second', subnetId: 'subnet-private' });
    const tables = [
      tableWith([internet]),
      tableWith([nat], { id: 'rtb-private', subnetIds: ['subnet-private'] }),
    ];
    const paths = trackedPaths([interfaceWith(), second], tables);
    expect(paths.map((path) => path.interfaceId)).toEqual(['eni-second']);
    expect(interfacesWithoutRoutes([interfaceWith(), second], tables)).toEqual([]);
  });
});
