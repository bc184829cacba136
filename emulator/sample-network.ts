import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { WorldClients } from './world-clients.ts';

/** A VPC with IPv6, two public subnets behind an internet gateway, and the group of web servers. */
export interface SampleNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly webGroupId: string;
  readonly adminGroupId: string;
}

const createSubnet = async (
  { ec2 }: WorldClients,
  vpcId: string,
  zone: string,
  cidr: string,
  ipv6Cidr: string,
): Promise<string> => {
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({
      VpcId: vpcId,
      AvailabilityZone: zone,
      CidrBlock: cidr,
      Ipv6CidrBlock: ipv6Cidr,
    }),
  );
  return Subnet?.SubnetId ?? '';
};

const createGroup = async (
  { ec2 }: WorldClients,
  vpcId: string,
  name: string,
  port: number,
): Promise<string> => {
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: name, Description: name }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        },
      ],
    }),
  );
  return GroupId;
};

const routeToInternet = async (
  { ec2 }: WorldClients,
  vpcId: string,
  subnetIds: readonly string[],
): Promise<void> => {
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const gatewayId = InternetGateway?.InternetGatewayId ?? '';
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
  const tableId = RouteTable?.RouteTableId ?? '';
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: tableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gatewayId,
    }),
  );
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: tableId,
      DestinationIpv6CidrBlock: '::/0',
      GatewayId: gatewayId,
    }),
  );
  for (const subnetId of subnetIds) {
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId: tableId, SubnetId: subnetId }));
  }
};

export const buildNetwork = async (
  clients: WorldClients,
  region: string,
): Promise<SampleNetwork> => {
  const { ec2 } = clients;
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.20.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  const vpcId = Vpc?.VpcId ?? '';
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
  const block = Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? '';
  const prefix = block.replace(/00::\/56$/, '');
  const subnetIds = await Promise.all([
    createSubnet(clients, vpcId, `${region}a`, '10.20.1.0/24', `${prefix}01::/64`),
    createSubnet(clients, vpcId, `${region}b`, '10.20.2.0/24', `${prefix}02::/64`),
  ]);
  await routeToInternet(clients, vpcId, subnetIds);
  const [webGroupId, adminGroupId] = await Promise.all([
    createGroup(clients, vpcId, 'web', 80),
    createGroup(clients, vpcId, 'admin', 22),
  ]);
  return { vpcId, subnetIds, webGroupId, adminGroupId };
};
