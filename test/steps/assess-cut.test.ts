import type { NetworkInterfaceType, Route, RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import {
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { assessCut } from '../../src/actions/isolate-network/assess-cut.ts';
import type { Instance } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import { fakeAws } from './fake-aws.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anotherInterface,
  vpcId,
} from './sample-instance.ts';

const subnetId = 'subnet-0000000000000000a';

const table = (routes: Route[], change: Partial<RouteTable> = {}): RouteTable => ({
  RouteTableId: 'rtb-1',
  VpcId: vpcId,
  Associations: [{ SubnetId: subnetId }],
  Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }, ...routes],
  ...change,
});

interface Surroundings {
  readonly neighbours?: readonly NetworkInterfaceType[];
  readonly endpoints?: readonly VpcEndpoint[];
}

const assess = async (
  tables: readonly RouteTable[],
  instance: Partial<Instance> = {},
  connectionCut: 'transition' | 'none' = 'transition',
  change: Partial<Case> = {},
  { neighbours = [], endpoints = [] }: Surroundings = {},
) => {
  const aws = fakeAws();
  aws.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [...tables] });
  aws.ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [...endpoints] });
  aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: neighbours.map((type, index) => ({
      NetworkInterfaceId: `eni-neighbour-${index}`,
      InterfaceType: type,
    })),
  });
  const before = aBefore({ instance: anInstance(instance) });
  const input = { case: aCase(change), before };
  const { cut, risks } = await assessCut(aws.deps, input, connectionCut);
  return { aws, cut, risks, names: risks.map(({ risk }) => risk) };
};

const internet: Route = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' };
const nat: Route = { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' };

describe('open connections of an interface', () => {
  it('are cut where it has a public way out', async () => {
    expect((await assess([table([internet])])).cut).toBe('complete');
  });

  it('are cut where it has no way out at all', async () => {
    expect((await assess([table([])])).cut).toBe('complete');
  });

  // threat A1
  it.each([
    ['nat-tracked-flows', { NatGatewayId: 'nat-1' }],
    ['transit-gateway-tracked-flows', { TransitGatewayId: 'tgw-1' }],
    ['virtual-private-gateway-tracked-flows', { GatewayId: 'vgw-1' }],
    ['endpoint-tracked-flows', { GatewayId: 'vpce-1' }],
  ])('may live on: %s', async (risk, target) => {
    const route = { DestinationCidrBlock: '0.0.0.0/0', State: 'active' as const, ...target };
    const { cut, names } = await assess([table([route])]);
    expect(cut).toBe('new-flows-only');
    expect(names).toContain(risk);
  });

  it('may live on over IPv6 alone', async () => {
    const ipv6 = { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' };
    const tables = [table([internet, ipv6])];
    expect((await assess(tables)).cut).toBe('complete');
    const networkInterfaces = [anInterface({ ipv6Addresses: ['2001:db8::10'] })];
    expect((await assess(tables, { networkInterfaces })).cut).toBe('new-flows-only');
  });

  it('go by the table of their own subnet, not by the main table', async () => {
    const main = table([nat], { RouteTableId: 'rtb-0', Associations: [{ Main: true }] });
    expect((await assess([main, table([internet])])).cut).toBe('complete');
    const networkInterfaces = [anInterface({ subnetId: 'subnet-without-table' })];
    expect((await assess([main, table([internet])], { networkInterfaces })).cut).toBe(
      'new-flows-only',
    );
  });

  it('may live on when one interface of two has such a way; it is named', async () => {
    const other = 'subnet-0000000000000000b';
    const networkInterfaces = [anInterface(), anotherInterface({ subnetId: other })];
    const tables = [table([internet]), table([nat], { Associations: [{ SubnetId: other }] })];
    const { cut, risks } = await assess(tables, { networkInterfaces });
    expect(cut).toBe('new-flows-only');
    expect(risks[0]?.explanation).toContain('eni-00000000000000002 via nat-1');
    expect(risks[0]?.explanation).not.toContain('eni-00000000000000001');
  });

  it('do not use a route whose gateway is gone', async () => {
    expect((await assess([table([{ ...nat, State: 'blackhole' }])])).cut).toBe('complete');
  });

  // fault C2
  it('may live on by any route that is tracked, though the way to the internet is not', async () => {
    const route = { DestinationCidrBlock: '198.51.100.0/24', TransitGatewayId: 'tgw-1' };
    expect((await assess([table([internet, route])])).cut).toBe('new-flows-only');
  });

  it('may live on when no table is found for the interface', async () => {
    const { cut, names } = await assess([]);
    expect(cut).toBe('new-flows-only');
    expect(names).toContain('routes-unread');
  });

  it('may live on when ConnectionCut is none', async () => {
    const { cut, names } = await assess([table([internet])], {}, 'none');
    expect(cut).toBe('new-flows-only');
    expect(names).toContain('established-connections');
  });

  // threat F4
  it('live on in a server that goes on serving, though ConnectionCut is transition', async () => {
    const serving = { isolationProfile: 'egress-lockdown' } as const;
    const { cut, risks } = await assess([table([internet])], {}, 'transition', serving);
    expect(cut).toBe('new-flows-only');
    const risk = risks.find((one) => one.risk === 'established-connections');
    expect(risk?.explanation).toContain('egress-lockdown');
  });

  it('have ended in a stopped instance; no route is read', async () => {
    const { aws, cut } = await assess([], { state: 'stopped' });
    expect(cut).toBe('complete');
    expect(aws.ec2).not.toHaveReceivedCommand(DescribeRouteTablesCommand);
  });

  // fault C1
  it.each([
    ['interface-endpoint-tracked-flows', 'vpc_endpoint'],
    ['network-load-balancer-tracked-flows', 'network_load_balancer'],
    ['global-accelerator-tracked-flows', 'global_accelerator_managed'],
    ['lambda-tracked-flows', 'lambda'],
  ] as const)('may live on with a neighbour in the VPC: %s', async (risk, type) => {
    const { cut, names } = await assess(
      [table([internet])],
      {},
      'transition',
      {},
      {
        neighbours: [type],
      },
    );
    expect(cut).toBe('new-flows-only');
    expect(names).toContain(risk);
  });

  it('may live on where the neighbours cannot be read', async () => {
    const aws = fakeAws();
    aws.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [table([internet])] });
    const { cut, risks } = await assessCut(
      aws.deps,
      { case: aCase(), before: aBefore() },
      'transition',
    );
    expect(cut).toBe('new-flows-only');
    expect(risks.map(({ risk }) => risk)).toContain('neighbours-unread');
  });

  it('may live on in a VPC of another account, whose endpoints Cordon does not see', async () => {
    const shared = table([internet], { OwnerId: '999988887777' });
    const { cut, risks } = await assess([shared]);
    expect(cut).toBe('new-flows-only');
    expect(risks.find(({ risk }) => risk === 'shared-vpc-unseen')?.explanation).toContain(
      '999988887777',
    );
  });

  // fault C14
  it('live on by an interface that has no security groups; it is listed', async () => {
    const { cut, risks } = await assess([table([internet])], { secondaryInterfaceIds: ['si-1'] });
    expect(cut).toBe('new-flows-only');
    expect(risks.find(({ risk }) => risk === 'secondary-interfaces')?.explanation).toContain(
      'si-1',
    );
  });

  // fault C4
  it.each([
    ['branch-interfaces', 'trunk'],
    ['efa-traffic', 'efa'],
    ['efa-traffic', 'efa-only'],
  ])('may live on: %s of an interface of type %s', async (risk, type) => {
    const networkInterfaces = [anInterface(), anotherInterface({ type })];
    const { cut, names } = await assess([table([internet])], { networkInterfaces });
    expect(cut).toBe('new-flows-only');
    expect(names).toContain(risk);
  });

  // fault C5
  it('may live on where a container network plugin manages interfaces: there is no transition', async () => {
    const networkInterfaces = [anInterface(), anotherInterface({ cniManaged: true })];
    const { cut, names } = await assess([table([internet])], { networkInterfaces });
    expect(cut).toBe('new-flows-only');
    expect(names).toContain('cni-managed-interfaces');
  });
});
