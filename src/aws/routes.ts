import type { EC2Client, RouteTable as Ec2RouteTable } from '@aws-sdk/client-ec2';
import { paginateDescribeRouteTables } from '@aws-sdk/client-ec2';
import type { NetworkInterface } from '../case/before.ts';
import type { PrefixListRoute, Route, RouteTable } from '../case/cut.ts';

export const routePermissions = ['ec2:DescribeRouteTables'] as const;

const toRoutes = (table: Ec2RouteTable): Route[] =>
  (table.Routes ?? []).flatMap((route): Route[] => {
    const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
    const target =
      route.NatGatewayId ??
      route.EgressOnlyInternetGatewayId ??
      route.TransitGatewayId ??
      route.VpcPeeringConnectionId ??
      route.LocalGatewayId ??
      route.CarrierGatewayId ??
      route.CoreNetworkArn ??
      route.GatewayId ??
      route.NetworkInterfaceId ??
      route.InstanceId;
    return destination === undefined || target === undefined
      ? []
      : [{ destination, target, active: route.State !== 'blackhole' }];
  });

const toPrefixListRoutes = (table: Ec2RouteTable): PrefixListRoute[] =>
  (table.Routes ?? []).flatMap(({ DestinationPrefixListId, GatewayId, State }) =>
    DestinationPrefixListId === undefined || GatewayId === undefined || State === 'blackhole'
      ? []
      : [{ prefixListId: DestinationPrefixListId, target: GatewayId }],
  );

/** Every route table of the VPCs of these interfaces. */
export const readRouteTables = async (
  ec2: EC2Client,
  interfaces: readonly Pick<NetworkInterface, 'vpcId'>[],
): Promise<readonly RouteTable[]> => {
  const vpcIds = [...new Set(interfaces.map((one) => one.vpcId))];
  if (vpcIds.length === 0) return [];
  const tables: RouteTable[] = [];
  const pages = paginateDescribeRouteTables(
    { client: ec2, pageSize: 100 },
    { Filters: [{ Name: 'vpc-id', Values: vpcIds }] },
  );
  for await (const page of pages) {
    for (const table of page.RouteTables ?? []) {
      tables.push({
        id: table.RouteTableId ?? '',
        vpcId: table.VpcId ?? '',
        main: table.Associations?.some((one) => one.Main === true) ?? false,
        subnetIds: (table.Associations ?? []).flatMap((one) =>
          one.SubnetId === undefined ? [] : [one.SubnetId],
        ),
        routes: toRoutes(table),
        prefixListRoutes: toPrefixListRoutes(table),
      });
    }
  }
  return tables;
};
