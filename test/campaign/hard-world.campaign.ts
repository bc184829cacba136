import {
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { longestChain } from '../../bench/chain.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from '../containment/by-hand.ts';
import { useScene } from '../containment/by-hand.ts';
import { groupNamesOf } from '../containment/world-state.ts';

const scenes = useScene();

/** Another subnet of the suspect's zone: interfaces of one instance are of one zone. */
const addSubnet = async ({ clients, world }: Scene): Promise<string> => {
  const { Subnets = [] } = await clients.ec2.send(
    new DescribeSubnetsCommand({ SubnetIds: [world.subnetIds[0]] }),
  );
  const [first] = Subnets;
  const block = first?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? '';
  const { Subnet } = await clients.ec2.send(
    new CreateSubnetCommand({
      VpcId: world.vpcId,
      AvailabilityZone: first?.AvailabilityZone,
      CidrBlock: '10.20.9.0/24',
      Ipv6CidrBlock: block.replace(/01::\/64$/, '09::/64'),
    }),
  );
  return Subnet?.SubnetId ?? '';
};

/** Six interfaces more, in both subnets, with IPv6 and a secondary address; the addresses. */
const addInterfaces = async (
  { clients, world }: Scene,
  instanceId: string,
  subnetIds: readonly string[],
  from: number,
): Promise<readonly string[]> => {
  const addresses: string[] = [];
  for (let index = from; index < 8; index += 1) {
    const { NetworkInterface } = await clients.ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: subnetIds[index % 2],
        Groups: [world.webGroupId, world.adminGroupId],
        Ipv6AddressCount: 1,
      }),
    );
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
    const { AssignedPrivateIpAddresses = [] } = await clients.ec2.send(
      new AssignPrivateIpAddressesCommand({
        NetworkInterfaceId,
        SecondaryPrivateIpAddressCount: 1,
      }),
    );
    await clients.ec2.send(
      new AttachNetworkInterfaceCommand({
        NetworkInterfaceId,
        InstanceId: instanceId,
        DeviceIndex: index,
      }),
    );
    addresses.push(
      NetworkInterface?.Ipv6Addresses?.[0]?.Ipv6Address ?? '',
      AssignedPrivateIpAddresses[0]?.PrivateIpAddress ?? '',
    );
  }
  return addresses.filter((address) => address !== '');
};

/** The isolation group that is there already, opened by somebody in every way. */
const tamper = async ({ clients, world }: Scene): Promise<string> => {
  const { GroupId } = await clients.ec2.send(
    new CreateSecurityGroupCommand({
      VpcId: world.vpcId,
      GroupName: 'cordon-isolation-full',
      Description: 'Cordon: isolates compromised instances. Do not add rules.',
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: 'cordon:role', Value: 'isolation' }] },
      ],
    }),
  );
  await clients.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '198.51.100.7/32' }] },
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: world.webGroupId }] },
      ],
    }),
  );
  await clients.ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId,
      IpPermissions: [
        {
          IpProtocol: 'udp',
          FromPort: 53,
          ToPort: 53,
          Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        },
      ],
    }),
  );
  return GroupId ?? '';
};

/** Target groups up to 500 in all; the instance's addresses are in some of them. */
const addTargetGroups = async (
  { clients, world }: Scene,
  addresses: readonly string[],
): Promise<void> => {
  for (let index = 0; index < 497; index += 1) {
    const address = addresses[index];
    const { TargetGroups } = await clients.loadBalancingV2.send(
      new CreateTargetGroupCommand({
        Name: `more-${index}`,
        Protocol: 'HTTP',
        Port: 80,
        VpcId: world.vpcId,
        TargetType: address === undefined ? 'instance' : 'ip',
        ...(address?.includes(':') === true ? { IpAddressType: 'ipv6' } : {}),
      }),
    );
    if (address === undefined) continue;
    await clients.loadBalancingV2.send(
      new RegisterTargetsCommand({
        TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn,
        Targets: [{ Id: address, Port: 80 }],
      }),
    );
  }
};

const cutsIn = ({ emulator }: Scene) =>
  emulator.traffic.calls.filter(
    ({ action, params }) =>
      action === 'ModifyNetworkInterfaceAttribute' &&
      params instanceof URLSearchParams &&
      [...params.keys()].some((key) => key.startsWith('SecurityGroupId')),
  );

/** Into transition, and out of it. */
const movesOfAll = 16;

/**
 * Contains with so slow an AWS that calls one after the other stand out, until the cut; returns
 * the sequential round trips to the last interface's isolation.
 */
const containSlowly = async (
  scene: Scene,
  instanceId: string,
): Promise<{ readonly report: CaseReport; readonly chain: readonly string[] }> => {
  const { traffic } = scene.emulator;
  traffic.clear();
  traffic.latency(400);
  const watch = setInterval(() => {
    if (cutsIn(scene).length >= movesOfAll) traffic.latency(0);
  }, 20);
  const report = await scene.contain(instanceId);
  clearInterval(watch);
  traffic.latency(0);
  const chain = longestChain(traffic.calls, cutsIn(scene)).map(({ action }) => action);
  return { report, chain };
};

const everyControlHolds = (report: CaseReport) => {
  expect(report.proof.filter(({ holds }) => holds !== true)).toEqual([]);
  expect(report.status).toBe('contained');
};

describe('Eight interfaces in two subnets, a tampered isolation group, 500 target groups', () => {
  it('is contained, every control holds, and the chain to isolation is no longer than in a small world', async () => {
    const scene = await scenes.open();
    const { world } = scene;
    const subnetIds = [world.subnetIds[0], await addSubnet(scene)];
    const addresses = await addInterfaces(scene, world.suspectId, subnetIds, 2);
    await addInterfaces(scene, world.healthyId, subnetIds, 1);
    const tampered = await tamper(scene);
    await addTargetGroups(scene, addresses);
    const { report, chain: cold } = await containSlowly(scene, world.suspectId);
    everyControlHolds(report);
    expect(report.proof.find(({ control }) => control === 'targets')?.observed).toContain(
      'in none of 500 target groups',
    );
    expect(JSON.stringify(report.proof)).toContain(tampered);
    expect(await groupNamesOf(scene, world.suspectId)).toEqual(
      Array.from({ length: 8 }, () => ['cordon-isolation-full']),
    );
    expect(cold.length, cold.join(' > ')).toBeLessThanOrEqual(6);

    // The neighbour, as large, meets the groups that this case left in order.
    const { report: second, chain: warm } = await containSlowly(scene, world.healthyId);
    everyControlHolds(second);
    expect(warm.length, warm.join(' > ')).toBeLessThanOrEqual(4);
  });
});
