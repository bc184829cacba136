import type { Filter, RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceConnectEndpointsCommand,
  DescribeInstanceStatusCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  GetSerialConsoleAccessStatusCommand,
} from '@aws-sdk/client-ec2';
import type { FakeAws } from './fake-aws.ts';

interface Ways {
  readonly routeTables?: readonly RouteTable[];
  readonly endpoints?: readonly VpcEndpoint[];
}

const toRoute = (target: string) =>
  target.startsWith('nat-') ? { NatGatewayId: target } : { GatewayId: target };

const mainTable = (vpcId: string, defaultRoute: string): RouteTable => ({
  RouteTableId: `rtb-${vpcId}`,
  VpcId: vpcId,
  Associations: [{ Main: true }],
  Routes: [
    { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
    { DestinationCidrBlock: '0.0.0.0/0', ...toRoute(defaultRoute), State: 'active' },
    { DestinationIpv6CidrBlock: '::/0', ...toRoute('igw-1'), State: 'active' },
  ],
});

const inVpcs = <One extends { VpcId?: string | undefined }>(
  all: readonly One[],
  filters: readonly Filter[] = [],
): One[] => {
  const vpcIds = filters.find(({ Name }) => Name === 'vpc-id')?.Values;
  return all.filter(({ VpcId = '' }) => vpcIds?.includes(VpcId) ?? true);
};

/** The ways out of each VPC (one main table), and no side door: tests open one. */
export const prepareWays = (
  { ec2 }: FakeAws,
  vpcIds: ReadonlySet<string>,
  defaultRoute: string,
  { routeTables, endpoints = [] }: Ways = {},
): void => {
  const tables = routeTables ?? [...vpcIds].map((vpcId) => mainTable(vpcId, defaultRoute));
  ec2
    .on(DescribeRouteTablesCommand)
    .callsFake(async ({ Filters }) => ({ RouteTables: inVpcs(tables, Filters) }));
  ec2
    .on(DescribeVpcEndpointsCommand)
    .callsFake(async ({ Filters }) => ({ VpcEndpoints: inVpcs(endpoints, Filters) }));
  ec2.on(DescribeInstanceConnectEndpointsCommand).resolves({ InstanceConnectEndpoints: [] });
  ec2.on(GetSerialConsoleAccessStatusCommand).resolves({ SerialConsoleAccessEnabled: false });
  ec2.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [] });
};
