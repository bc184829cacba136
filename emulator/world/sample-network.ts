import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { WorldClients } from './world-clients.ts';

/** `public`: servers behind an internet gateway; `private`: behind a NAT gateway. */
export type WorldKind = 'public' | 'private';

/** A VPC with IPv6, two subnets with a way to the internet, and the groups of web servers. */
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

const attachGateway = async ({ ec2 }: WorldClients, vpcId: string): Promise<string> => {
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const gatewayId = InternetGateway?.InternetGatewayId ?? '';
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }));
  return gatewayId;
};

const createNatGateway = async ({ ec2 }: WorldClients, subnetId: string): Promise<string> => {
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  const { NatGateway } = await ec2.send(
    new CreateNatGatewayCommand({ SubnetId: subnetId, AllocationId }),
  );
  return NatGateway?.NatGatewayId ?? '';
};

const routeToInternet = async (
  clients: WorldClients,
  vpcId: string,
  subnetIds: readonly string[],
  kind: WorldKind,
): Promise<void> => {
  const { ec2 } = clients;
  const GatewayId = await attachGateway(clients, vpcId);
  const ipv4 =
    kind === 'public'
      ? { GatewayId }
      : { NatGatewayId: await createNatGateway(clients, subnetIds[1] ?? '') };
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
  const RouteTableId = RouteTable?.RouteTableId ?? '';
  await ec2.send(
    new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...ipv4 }),
  );
  await ec2.send(
    new CreateRouteCommand({ RouteTableId, DestinationIpv6CidrBlock: '::/0', GatewayId }),
  );
  for (const SubnetId of subnetIds) {
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  }
};

export const buildNetwork = async (
  clients: WorldClients,
  region: string,
  kind: WorldKind,
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
  await routeToInternet(clients, vpcId, subnetIds, kind);
  const [webGroupId, adminGroupId] = await Promise.all([
    createGroup(clients, vpcId, 'web', 80),
    createGroup(clients, vpcId, 'admin', 22),
  ]);
  return { vpcId, subnetIds, webGroupId, adminGroupId };
};
