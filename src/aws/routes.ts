import type {
  EC2Client,
  Route as Ec2Route,
  RouteTable as Ec2RouteTable,
} from '@aws-sdk/client-ec2';
import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import type { Route, RouteTable } from '../case/route-table.ts';
import { noticeElement } from './unmodelled.ts';

export const routePermissions = ['ec2:DescribeRouteTables'] as const;

/** Empty for a kind of target that this SDK does not know yet. */
const targetOf = (route: Ec2Route): string =>
  route.NatGatewayId ??
  route.EgressOnlyInternetGatewayId ??
  route.TransitGatewayId ??
  route.VpcPeeringConnectionId ??
  route.LocalGatewayId ??
  route.CarrierGatewayId ??
  route.CoreNetworkArn ??
  route.OdbNetworkArn ??
  route.GatewayId ??
  route.NetworkInterfaceId ??
  route.InstanceId ??
  '';

/**
 * A route of a VPC with an automated internet firewall: the target remains the gateway
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html, `igwFirewall`).
 */
const isFirewalled = (target: string): boolean => /^e?igw-/.test(target);

const toRoutes = ({ Routes = [] }: Ec2RouteTable, firewall: boolean): Route[] =>
  Routes.flatMap((route): Route[] => {
    const target = targetOf(route);
    const destination =
      route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;
    const active = route.State !== 'blackhole';
    const inspected = firewall && isFirewalled(target) ? { firewall: true as const } : {};
    return destination === undefined ? [] : [{ destination, target, active, ...inspected }];
  });

const toRouteTable = (table: Ec2RouteTable, firewall: boolean): RouteTable => {
  const associations = table.Associations ?? [];
  const edge = associations.some(({ GatewayId }) => GatewayId !== undefined);
  return {
    id: table.RouteTableId ?? '',
    vpcId: table.VpcId ?? '',
    ...defined({ ownerId: table.OwnerId }),
    main: associations.some(({ Main }) => Main === true),
    subnetIds: associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    ...(edge ? { edge: true as const } : {}),
    routes: toRoutes(table, firewall),
  };
};

/** Every route table of these VPCs. */
export const readRouteTables = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly RouteTable[]> => {
  if (vpcIds.length === 0) return [];
  const tables: RouteTable[] = [];
  let NextToken: string | undefined;
  do {
    const command = new DescribeRouteTablesCommand({
      Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }],
      MaxResults: 100,
      ...defined({ NextToken }),
    });
    // The SDK's model does not have it yet, and drops it.
    const hasFirewall = noticeElement(command, 'igwFirewall');
    const page = await ec2.send(command);
    const firewall = hasFirewall();
    tables.push(...(page.RouteTables ?? []).map((table) => toRouteTable(table, firewall)));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return tables;
};
