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
  type CreateVpcEndpointCommandInput,
  DeleteVpcEndpointsCommand,
  DescribeInstanceConnectEndpointsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  EnableSerialConsoleAccessCommand,
  type Filter,
  GetSerialConsoleAccessStatusCommand,
  ModifyVpcEndpointCommand,
  type ModifyVpcEndpointCommandInput,
  ReplaceRouteCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork, groupIds } from '../world.ts';

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
  const createEndpoint = async (more: Partial<CreateVpcEndpointCommandInput> = {}) => {
    const { VpcEndpoint } = await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: network.vpcId,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.us-east-1.ssm',
        SubnetIds: [network.subnetId],
        ...more,
      }),
    );
    return VpcEndpoint ?? {};
  };

  const found = async (...Filters: Filter[]) => {
    const { VpcEndpoints } = await aws.ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
    return VpcEndpoints?.map(({ ServiceName }) => ServiceName?.split('.').at(-1));
  };

  test('has interfaces with its groups, which nobody else may change', async () => {
    const group = await createGroup(aws.ec2, network.vpcId, 'endpoint');
    const { VpcEndpointId } = await createEndpoint({ SecurityGroupIds: [group] });
    const { VpcEndpoints } = await aws.ec2.send(
      new DescribeVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId ?? ''] }),
    );
    expect(VpcEndpoints).toMatchObject([
      {
        VpcEndpointType: 'Interface',
        State: 'available',
        SubnetIds: [network.subnetId],
        Groups: [{ GroupId: group }],
      },
    ]);
    const { NetworkInterfaces } = await aws.ec2.send(
      new DescribeNetworkInterfacesCommand({
        NetworkInterfaceIds: VpcEndpoints?.[0]?.NetworkInterfaceIds ?? [],
      }),
    );
    expect(NetworkInterfaces).toMatchObject([
      {
        Groups: [{ GroupId: group }],
        InterfaceType: 'vpc_endpoint',
        RequesterManaged: true,
        PrivateIpAddress: expect.stringMatching(/^10\.0\.1\./),
        Description: `VPC Endpoint Interface ${VpcEndpointId}`,
      },
    ]);
  });

  test('has the default group where none is named', async () => {
    expect((await createEndpoint()).Groups).toMatchObject([{ GroupName: 'default' }]);
  });

  test('changes its groups, and is gone with its interfaces', async () => {
    const { VpcEndpointId = '', Groups, NetworkInterfaceIds = [] } = await createEndpoint();
    const group = await createGroup(aws.ec2, network.vpcId, 'endpoint');
    await aws.ec2.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId,
        AddSecurityGroupIds: [group],
        RemoveSecurityGroupIds: [Groups?.[0]?.GroupId ?? ''],
      }),
    );
    const interfaces = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds });
    const { NetworkInterfaces } = await aws.ec2.send(interfaces);
    expect(NetworkInterfaces?.map(groupIds)).toEqual([[group]]);
    await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
    expect(await found()).toEqual([]);
    await expect(aws.ec2.send(interfaces)).rejects.toMatchObject({
      name: 'InvalidNetworkInterfaceID.NotFound',
    });
  });

  test('is found by VPC, service and type', async () => {
    await createEndpoint();
    await createEndpoint({ ServiceName: 'com.amazonaws.us-east-1.ssmmessages' });
    await createEndpoint({ ServiceName: 'com.amazonaws.us-east-1.s3', VpcEndpointType: undefined });
    const service = (...Values: string[]) => ({ Name: 'service-name', Values });
    const type = (...Values: string[]) => ({ Name: 'vpc-endpoint-type', Values });
    expect(await found(service('*.ssm'))).toEqual(['ssm']);
    expect(await found(service('*.ssm', '*.ssmmessages', '*.logs'))).toEqual([
      'ssm',
      'ssmmessages',
    ]);
    expect(await found(type('Interface'))).toEqual(['ssm', 'ssmmessages']);
    expect(await found(type('Gateway'))).toEqual(['s3']);
    const inVpc = (...Values: string[]) => ({ Name: 'vpc-id', Values });
    expect(await found(inVpc(network.vpcId), type('Gateway', 'Interface'))).toHaveLength(3);
    expect(await found(inVpc('vpc-0'))).toEqual([]);
  });
});

describe('a gateway endpoint', () => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::case/*' },
    ],
  });

  test('has its policy, and leaves the route tables that it leaves', async () => {
    const { VpcEndpoint } = await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: network.vpcId,
        ServiceName: 'com.amazonaws.us-east-1.s3',
        PolicyDocument: policy,
      }),
    );
    expect(VpcEndpoint).toMatchObject({ VpcEndpointType: 'Gateway', PolicyDocument: policy });
    const VpcEndpointId = VpcEndpoint?.VpcEndpointId ?? '';
    const ofEndpoint = async () =>
      (await routes()).filter(({ GatewayId }) => GatewayId === VpcEndpointId);
    const modify = (change: Partial<ModifyVpcEndpointCommandInput>) =>
      aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...change }));
    expect(await ofEndpoint()).toEqual([]);
    await modify({ AddRouteTableIds: [RouteTableId] });
    expect(await ofEndpoint()).toHaveLength(1);
    await modify({ RemoveRouteTableIds: [RouteTableId] });
    expect(await ofEndpoint()).toEqual([]);
    await modify({ AddRouteTableIds: [RouteTableId] });
    await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
    expect(await ofEndpoint()).toEqual([]);
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
