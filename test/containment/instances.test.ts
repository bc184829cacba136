import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { outcomes } from './account.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { groupNamesOf } from './world-state.ts';

const scenes = useScene();

const launch = async (
  { clients, world }: Scene,
  input: Partial<RunInstancesCommandInput> = {},
): Promise<string> => {
  const { Instances } = await clients.ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: world.subnetIds[0],
      SecurityGroupIds: [world.webGroupId],
      ...input,
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
};

const holds = (report: CaseReport, name: string) => {
  const control = report.proof.find((one) => one.control === name);
  return `${control?.holds} ${control?.observed}`;
};

const risks = (report: CaseReport): string[] => report.residualRisks.map(({ risk }) => risk);

const isolated = [['cordon-isolation-full']];

describe('An instance of every kind', () => {
  // fault C8
  it('is contained when it is Spot, with what AWS allows, and the interruption is told', async () => {
    const scene = await scenes.open();
    const id = await launch(scene, { InstanceMarketOptions: { MarketType: 'spot' } });
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    expect(holds(report, 'termination-protection')).toMatch(/^not-applicable Spot/);
    expect(risks(report)).toContain('spot-interruption');
    expect(await groupNamesOf(scene, id)).toEqual(isolated);
  });

  it('is contained when it is stopped', async () => {
    const scene = await scenes.open();
    const id = await launch(scene);
    await scene.clients.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const report = await scene.contain(id);
    expect(report).toMatchObject({ status: 'contained', cut: 'complete' });
    expect(await groupNamesOf(scene, id)).toEqual(isolated);
  });

  // threat B13
  it('fails with an alert, once, when it is terminated', async () => {
    const scene = await scenes.open();
    const id = await launch(scene);
    await scene.clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const report = await scene.contain(id);
    expect(report.status).toBe('failed');
    expect(report.reason).toContain('terminated');
    expect(scene.subjects()).toEqual([expect.stringContaining('NOT CONTAINED')]);
  });

  // fault C8
  it('says what no snapshot covers when its root is an instance store', async () => {
    const scene = await scenes.open();
    const id = await launch(scene, {
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'emulator:root', Value: 'instance-store' }] },
      ],
    });
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    expect(holds(report, 'stop-protection')).toMatch(/^not-applicable/);
    expect(holds(report, 'snapshots')).toMatch(/^not-applicable/);
    expect(risks(report)).toContain('instance-store-volatile');
    expect(outcomes(report).snapshot).toBe('not-applicable');
  });

  it('has a snapshot of each of its 28 volumes', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const id = await launch(scene);
    for (let index = 0; index < 27; index += 1) {
      const { VolumeId } = await ec2.send(
        new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }),
      );
      await ec2.send(
        new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: `/dev/xvd${index}` }),
      );
    }
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    expect(report.steps.find(({ step }) => step === 'snapshot')?.detail).toMatchObject({
      snapshots: { length: 28 },
    });
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThanOrEqual(40_000);
  });

  // fault O12
  it('keeps the evidence of the other volumes when AWS refuses one of them', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const { Reservations = [] } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [scene.world.suspectId] }),
    );
    const volumes = (Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? []).flatMap(
      ({ Ebs }) => Ebs?.VolumeId ?? [],
    );
    const busy = volumes[1] ?? '';
    const { traffic } = scene.emulator;
    const forGood = { service: 'ec2', times: Infinity, kind: 'denied' } as const;
    traffic.inject({ ...forGood, action: 'CreateSnapshots' });
    traffic.inject({
      ...forGood,
      action: 'CreateSnapshot',
      matches: (params) => params instanceof URLSearchParams && params.get('VolumeId') === busy,
    });
    const report = await scene.contain();
    expect(holds(report, 'snapshots')).toMatch(/^false/);
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const kept = Snapshots.filter(({ Tags = [] }) =>
      Tags.some(({ Key, Value }) => Key === 'cordon:case' && Value === report.caseId),
    );
    expect(kept.map(({ VolumeId }) => VolumeId).toSorted()).toEqual(
      volumes.filter((id) => id !== busy).toSorted(),
    );
    expect(report.status).toBe('partial');
  });

  it('is cut on the interfaces that can be moved when AWS made another', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const id = await launch(scene);
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: scene.world.subnetIds[0],
        Groups: [scene.world.webGroupId],
        Description: 'requester-managed by a service',
      }),
    );
    await ec2.send(
      new AttachNetworkInterfaceCommand({
        InstanceId: id,
        NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId,
        DeviceIndex: 1,
      }),
    );
    const report = await scene.contain(id);
    expect(report.status).toBe('partial');
    expect(risks(report)).toContain('requester-managed-interface');
    expect(await groupNamesOf(scene, id)).toEqual([['cordon-isolation-full'], ['web']]);
  });

  it('is cut on interfaces in different subnets, with secondary and IPv6 addresses', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const id = await launch(scene);
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: scene.world.subnetIds[1],
        Groups: [scene.world.webGroupId, scene.world.adminGroupId],
        Ipv6AddressCount: 2,
      }),
    );
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
    await ec2.send(
      new AssignPrivateIpAddressesCommand({
        NetworkInterfaceId,
        SecondaryPrivateIpAddressCount: 2,
      }),
    );
    await ec2.send(
      new AttachNetworkInterfaceCommand({ InstanceId: id, NetworkInterfaceId, DeviceIndex: 1 }),
    );
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    expect(await groupNamesOf(scene, id)).toEqual([...isolated, ...isolated]);
  });

  it('is cut on an interface in another VPC, by a group of that VPC', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const id = await launch(scene);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.99.0.0/16' }));
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: '10.99.1.0/24',
        AvailabilityZone: 'us-east-1a',
      }),
    );
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId }),
    );
    await ec2.send(
      new AttachNetworkInterfaceCommand({
        InstanceId: id,
        NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId,
        DeviceIndex: 1,
      }),
    );
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    expect(await groupNamesOf(scene, id)).toEqual([...isolated, ...isolated]);
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'group-name', Values: ['cordon-isolation-full'] }],
      }),
    );
    expect(new Set(SecurityGroups.map(({ VpcId }) => VpcId)).size).toBe(2);
  });

  // threat C8
  it('keeps its own 48 tags, and names what found no room beside them', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const id = await launch(scene);
    const Tags = Array.from({ length: 48 }, (_, index) => ({ Key: `own:${index}`, Value: 'x' }));
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    const report = await scene.contain(id);
    expect(report.status).toBe('contained');
    const { Tags: after = [] } = await ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
    );
    const keys = after.map(({ Key }) => Key);
    expect(keys.filter((key) => key?.startsWith('own:'))).toHaveLength(48);
    expect(keys).toEqual(expect.arrayContaining(['cordon:case', 'cordon:status']));
    const tagging = report.steps.find(({ step }) => step === 'tag');
    expect(tagging?.detail).toMatchObject({
      left: expect.arrayContaining(['cordon:before:protect']),
    });
    expect(risks(report)).toContain('undo-from-log-only');
  });

  // threat G4
  it('is alerted about when a service of AWS manages it and refuses', async () => {
    const scene = await scenes.open();
    const id = await launch(scene, {
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [{ Key: 'emulator:operator', Value: 'eks.amazonaws.com' }],
        },
      ],
    });
    const report = await scene.contain(id);
    expect(['failed', 'partial']).toContain(report.status);
    expect(holds(report, 'termination-protection')).toContain('managed by eks.amazonaws.com');
    // What helps is the operator's way and the network ACL, not a permission.
    expect(JSON.stringify(report)).toContain('kubectl cordon');
    expect(JSON.stringify(report)).toContain('network ACL of its subnet');
    expect(scene.subjects().at(-1)).toMatch(/NOT CONTAINED|ISOLATED, \d CONTROL/);
  });
});

describe('A member of an Auto Scaling group', () => {
  it('is detached from Standby', async () => {
    const scene = await scenes.open();
    await scene.emulator.lifecycleState(scene.world.suspectId, 'Standby');
    const report = await scene.contain();
    expect(outcomes(report)['detach-auto-scaling']).toBe('done');
    expect(report.status).toBe('contained');
  });

  it('is left alone when it is detaching already', async () => {
    const scene = await scenes.open();
    await scene.emulator.lifecycleState(scene.world.suspectId, 'Detaching');
    const report = await scene.contain();
    expect(outcomes(report)['detach-auto-scaling']).toBe('already');
    expect(holds(report, 'asg-membership')).toContain('true Detaching');
  });

  it.each(['Pending:Wait', 'Warmed:Stopped', 'ReplacingRootVolume'] as const)(
    'is isolated all the same when it is %s and the group keeps it, and a person is told',
    async (state) => {
      const scene = await scenes.open();
      await scene.emulator.lifecycleState(scene.world.suspectId, state);
      const report = await scene.contain();
      expect(report.status).toBe('partial');
      expect(risks(report)).toContain('auto-scaling-suspended');
      expect(risks(report)).not.toContain('auto-scaling-may-terminate');
      const { AutoScalingGroups = [] } = await scene.clients.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({}),
      );
      const suspended = AutoScalingGroups[0]?.SuspendedProcesses?.map(
        ({ ProcessName }) => ProcessName,
      );
      expect(suspended?.toSorted()).toEqual(['ReplaceUnhealthy', 'Terminate']);
      expect(report.undo).toContain('resume-processes');
      expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([...isolated, ...isolated]);
    },
  );

  // fault C7
  it('is isolated while the group is terminating it, whose other members are left in peace', async () => {
    const scene = await scenes.open();
    await scene.emulator.lifecycleState(scene.world.suspectId, 'Terminating:Wait');
    const report = await scene.contain();
    expect(report.status).toBe('partial');
    expect(risks(report)).toContain('termination-under-way');
    const { AutoScalingGroups = [] } = await scene.clients.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({}),
    );
    expect(AutoScalingGroups[0]?.SuspendedProcesses ?? []).toEqual([]);
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([...isolated, ...isolated]);
  });
});

describe('A way out on which AWS tracks every flow', () => {
  it('makes the case partial, and the subject says that old connections may live', async () => {
    const scene = await scenes.open({ kind: 'private' });
    const report = await scene.contain();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(risks(report)).toContain('nat-tracked-flows');
    expect(scene.subjects().every((one) => one.includes('OLD CONNECTIONS MAY LIVE'))).toBe(true);
  });
});
