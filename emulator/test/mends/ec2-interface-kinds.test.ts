import {
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, launch } from '../world.ts';

const aws = useEmulator();

describe('a network interface', () => {
  test('has the kind that it was made with, and can be found by it', async () => {
    const { subnetId, vpcId } = await createNetwork(aws.ec2);
    const { NetworkInterface } = await aws.ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: subnetId, InterfaceType: 'trunk' }),
    );
    const { NetworkInterfaces = [] } = await aws.ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [
          { Name: 'vpc-id', Values: [vpcId] },
          { Name: 'interface-type', Values: ['trunk', 'lambda'] },
        ],
      }),
    );
    expect(NetworkInterfaces.map((one) => one.NetworkInterfaceId)).toEqual([
      NetworkInterface?.NetworkInterfaceId,
    ]);
  });

  test('cannot be made of a kind that only services of AWS make', async () => {
    const { subnetId } = await createNetwork(aws.ec2);
    const made = aws.ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: subnetId, InterfaceType: 'lambda' as 'trunk' }),
    );
    await expect(made).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('of an RDMA network is shown with the instance', async () => {
    const { subnetId } = await createNetwork(aws.ec2);
    const { InstanceId: instanceId } = await launch(aws.ec2, { SubnetId: subnetId });
    await aws.ec2.send(
      new CreateTagsCommand({
        Resources: [instanceId],
        Tags: [{ Key: 'emulator:secondary-interface', Value: 'si-0123456789abcdef0' }],
      }),
    );
    const { Reservations } = await aws.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
    );
    expect(Reservations?.[0]?.Instances?.[0]?.SecondaryInterfaces).toMatchObject([
      { SecondaryInterfaceId: 'si-0123456789abcdef0', Status: 'in-use' },
    ]);
  });
});

describe('a route', () => {
  test('leads to a core network', async () => {
    const { vpcId } = await createNetwork(aws.ec2);
    const { RouteTable } = await aws.ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    const CoreNetworkArn = 'arn:aws:networkmanager::123456789012:core-network/core-network-0a1b';
    await aws.ec2.send(
      new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '10.0.0.0/8', CoreNetworkArn }),
    );
    const { RouteTables } = await aws.ec2.send(
      new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }),
    );
    expect(RouteTables?.[0]?.Routes).toContainEqual(expect.objectContaining({ CoreNetworkArn }));
  });
});
