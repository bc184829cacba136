import {
  AllocateAddressCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInstanceConnectEndpointCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  CreateTransitGatewayCommand,
  CreateVpcEndpointCommand,
  DescribeInstanceConnectEndpointsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  EnableSerialConsoleAccessCommand,
  GetSerialConsoleAccessStatusCommand,
  ReplaceRouteCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork } from '../world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };
let RouteTableId: string;

beforeEach(async () => {
  network = await createNetwork(aws.ec2, { ipv6: true });
  const { RouteTable } = await aws.ec2.send(new CreateRouteTableCommand({ VpcId: network.vpcId }));
  RouteTableId = RouteTable?.RouteTableId ?? '';
});

const routes = async () => {
  const { RouteTables } = await aws.ec2.send(
    new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }),
  );
  return RouteTables?.[0]?.Routes ?? [];
};

const createNatGateway = async () => {
  const { AllocationId } = await aws.ec2.send(new AllocateAddressCommand({}));
  const { NatGateway } = await aws.ec2.send(
    new CreateNatGatewayCommand({ SubnetId: network.subnetId, AllocationId }),
  );
  return NatGateway?.NatGatewayId;
};

const createEgressOnlyGateway = async () => {
  const { EgressOnlyInternetGateway } = await aws.ec2.send(
    new CreateEgressOnlyInternetGatewayCommand({ VpcId: network.vpcId }),
  );
  return EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId;
};

const createTransitGateway = async () => {
  const { TransitGateway } = await aws.ec2.send(new CreateTransitGatewayCommand({}));
  return TransitGateway?.TransitGatewayId;
};

const createBalancerEndpoint = async () => {
  const { VpcEndpoint } = await aws.ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: network.vpcId,
      VpcEndpointType: 'GatewayLoadBalancer',
      ServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0',
      SubnetIds: [network.subnetId],
    }),
  );
  return VpcEndpoint?.VpcEndpointId;
};

describe('a route', () => {
  const toIpv4 = { DestinationCidrBlock: '0.0.0.0/0' };
  const toIpv6 = { DestinationIpv6CidrBlock: '::/0' };
  type Target = keyof CreateRouteCommandInput;

  test.each<[string, Target, object, () => Promise<string | undefined>, string]>([
    ['a NAT gateway', 'NatGatewayId', toIpv4, createNatGateway, 'NatGatewayId'],
    [
      'an egress-only internet gateway',
      'EgressOnlyInternetGatewayId',
      toIpv6,
      createEgressOnlyGateway,
      'EgressOnlyInternetGatewayId',
    ],
    ['a transit gateway', 'TransitGatewayId', toIpv4, createTransitGateway, 'TransitGatewayId'],
    ['a VPC endpoint', 'VpcEndpointId', toIpv4, createBalancerEndpoint, 'GatewayId'],
  ])('to %s', async (_, target, destination, create, shown) => {
    const id = await create();
    expect(id).toMatch(/^[a-z]+-[0-9a-f]+$/);
    await aws.ec2.send(new CreateRouteCommand({ RouteTableId, ...destination, [target]: id }));
    expect(await routes()).toContainEqual({
      ...destination,
      [shown]: id,
      Origin: 'CreateRoute',
      State: 'active',
    });
  });

  test('to a gateway endpoint comes with the endpoint', async () => {
    const { VpcEndpoint } = await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: network.vpcId,
        ServiceName: 'com.amazonaws.us-east-1.s3',
        RouteTableIds: [RouteTableId],
      }),
    );
    expect(await routes()).toContainEqual(
      expect.objectContaining({
        DestinationPrefixListId: expect.stringMatching(/^pl-/),
        GatewayId: VpcEndpoint?.VpcEndpointId,
      }),
    );
    const { VpcEndpoints } = await aws.ec2.send(
      new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [network.vpcId] }] }),
    );
    expect(VpcEndpoints).toMatchObject([
      { VpcEndpointId: VpcEndpoint?.VpcEndpointId, RouteTableIds: [RouteTableId] },
    ]);
  });

  test('can be replaced', async () => {
    const NatGatewayId = await createNatGateway();
    const TransitGatewayId = await createTransitGateway();
    await aws.ec2.send(new CreateRouteCommand({ RouteTableId, ...toIpv4, NatGatewayId }));
    await aws.ec2.send(new ReplaceRouteCommand({ RouteTableId, ...toIpv4, TransitGatewayId }));
    const [route] = (await routes()).filter((each) => each.DestinationCidrBlock === '0.0.0.0/0');
    expect(route).toMatchObject({ TransitGatewayId });
    expect(route?.NatGatewayId).toBeUndefined();
  });
});

describe('an interface endpoint', () => {
  test('has interfaces with its groups', async () => {
    const group = await createGroup(aws.ec2, network.vpcId, 'endpoint');
    const { VpcEndpoint } = await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: network.vpcId,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.us-east-1.ssm',
        SubnetIds: [network.subnetId],
        SecurityGroupIds: [group],
      }),
    );
    const { VpcEndpoints } = await aws.ec2.send(
      new DescribeVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] }),
    );
    expect(VpcEndpoints).toMatchObject([
      {
        VpcEndpointType: 'Interface',
        SubnetIds: [network.subnetId],
        Groups: [{ GroupId: group }],
      },
    ]);
  });
});

describe('ways past the network', () => {
  test('the serial console is off until it is enabled', async () => {
    const status = async () =>
      (await aws.ec2.send(new GetSerialConsoleAccessStatusCommand({}))).SerialConsoleAccessEnabled;
    expect(await status()).toBe(false);
    await aws.ec2.send(new EnableSerialConsoleAccessCommand({}));
    expect(await status()).toBe(true);
    await aws.emulator.reset();
    expect(await status()).toBe(false);
  });

  test('Instance Connect Endpoints are listed', async () => {
    const list = async (vpcId: string) => {
      const { InstanceConnectEndpoints } = await aws.ec2.send(
        new DescribeInstanceConnectEndpointsCommand({
          Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
        }),
      );
      return InstanceConnectEndpoints;
    };
    expect(await list(network.vpcId)).toEqual([]);
    const group = await createGroup(aws.ec2, network.vpcId, 'endpoint');
    const { InstanceConnectEndpoint } = await aws.ec2.send(
      new CreateInstanceConnectEndpointCommand({
        SubnetId: network.subnetId,
        SecurityGroupIds: [group],
      }),
    );
    expect(await list('vpc-12345678')).toEqual([]);
    const [endpoint] = (await list(network.vpcId)) ?? [];
    expect(endpoint).toMatchObject({
      InstanceConnectEndpointId: InstanceConnectEndpoint?.InstanceConnectEndpointId,
      State: 'create-complete',
      SubnetId: network.subnetId,
      SecurityGroupIds: [group],
    });
    const { NetworkInterfaces } = await aws.ec2.send(
      new DescribeNetworkInterfacesCommand({
        NetworkInterfaceIds: endpoint?.NetworkInterfaceIds ?? [],
      }),
    );
    expect(NetworkInterfaces?.[0]).toMatchObject({ RequesterManaged: true });
  });
});
