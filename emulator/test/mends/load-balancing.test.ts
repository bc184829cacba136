import {
  CreateLoadBalancerCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually, useEmulator } from '../fixture.ts';
import { createNetwork, launch } from '../world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };
let instanceId: string;

beforeEach(async () => {
  network = await createNetwork(aws.ec2);
  ({ InstanceId: instanceId } = await launch(aws.ec2, { SubnetId: network.subnetId }));
});

const createTargetGroup = async (Name: string, TargetType: 'instance' | 'ip' = 'instance') => {
  const { TargetGroups } = await aws.elbV2.send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: network.vpcId,
      TargetType,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
};

const register = (TargetGroupArn: string, ...Targets: TargetDescription[]) =>
  aws.elbV2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));

const deregister = (TargetGroupArn: string, ...Targets: TargetDescription[]) =>
  aws.elbV2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));

/** Each target as `id:port zone state`. */
const health = async (TargetGroupArn: string, Targets?: TargetDescription[]) => {
  const { TargetHealthDescriptions } = await aws.elbV2.send(
    new DescribeTargetHealthCommand({ TargetGroupArn, Targets }),
  );
  return TargetHealthDescriptions?.map(({ Target, TargetHealth }) =>
    [`${Target?.Id}:${Target?.Port}`, Target?.AvailabilityZone, TargetHealth?.State]
      .filter(Boolean)
      .join(' '),
  );
};

describe('target groups', () => {
  test('two ports of an instance are two targets, and go one by one', async () => {
    await aws.emulator.timing({ drainingSeconds: 0 });
    const group = await createTargetGroup('web');
    await register(group, { Id: instanceId }, { Id: instanceId, Port: 8080 });
    expect(await health(group)).toEqual([`${instanceId}:80 healthy`, `${instanceId}:8080 healthy`]);
    await deregister(group, { Id: instanceId });
    expect(await health(group)).toEqual([`${instanceId}:8080 healthy`]);
    await deregister(group, { Id: instanceId, Port: 8080 });
    expect(await health(group)).toEqual([]);
  });

  test('addresses are told apart by zone', async () => {
    const group = await createTargetGroup('ip', 'ip');
    await register(group, { Id: '10.0.1.9', AvailabilityZone: 'all' }, { Id: '10.0.1.9' });
    expect(await health(group)).toEqual(['10.0.1.9:80 all healthy', '10.0.1.9:80 healthy']);
    await deregister(group, { Id: '10.0.1.9', AvailabilityZone: 'all' });
    expect(await health(group)).toContain('10.0.1.9:80 healthy');
    expect(await health(group)).toContain('10.0.1.9:80 all draining');
  });

  test('deregistering what is not registered succeeds', async () => {
    const group = await createTargetGroup('web');
    await expect(deregister(group, { Id: instanceId, Port: 9 })).resolves.toBeDefined();
  });

  test('a deregistered target drains for the time set, and is gone', async () => {
    await aws.emulator.timing({ drainingSeconds: 0.4 });
    const group = await createTargetGroup('web');
    await register(group, { Id: instanceId });
    await deregister(group, { Id: instanceId });
    expect(await health(group)).toEqual([`${instanceId}:80 draining`]);
    await eventually(async () => ((await health(group))?.length === 0 ? true : undefined));
    expect(await health(group, [{ Id: instanceId }])).toEqual([`${instanceId}:80 unused`]);
  });

  test('they come in pages', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => createTargetGroup(name)));
    const page = (Marker?: string) =>
      aws.elbV2.send(new DescribeTargetGroupsCommand({ PageSize: 2, Marker }));
    const first = await page();
    const second = await page(first.NextMarker);
    expect(first.TargetGroups?.map((group) => group.TargetGroupName)).toEqual(['a', 'b']);
    expect(second.TargetGroups?.map((group) => group.TargetGroupName)).toEqual(['c']);
    expect(second.NextMarker).toBeUndefined();
    const all = await aws.elbV2.send(new DescribeTargetGroupsCommand({}));
    expect(all.TargetGroups).toHaveLength(3);
  });
});

test('a classic load balancer answers the instances that remain', async () => {
  const LoadBalancerName = 'classic';
  await aws.elb.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName,
      Listeners: [{ Protocol: 'tcp', LoadBalancerPort: 80, InstancePort: 80 }],
      Subnets: [network.subnetId],
    }),
  );
  const other = await launch(aws.ec2, { SubnetId: network.subnetId });
  const Instances = [{ InstanceId: instanceId }, { InstanceId: other.InstanceId }];
  await aws.elb.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances }));
  const remaining = await aws.elb.send(
    new DeregisterInstancesFromLoadBalancerCommand({
      LoadBalancerName,
      Instances: [{ InstanceId: instanceId }],
    }),
  );
  expect(remaining.Instances).toEqual([{ InstanceId: other.InstanceId }]);
  const { LoadBalancerDescriptions } = await aws.elb.send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancerDescriptions?.[0]?.Instances).toEqual([{ InstanceId: other.InstanceId }]);
});
