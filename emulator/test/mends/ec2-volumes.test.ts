import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, launch } from '../world.ts';

const aws = useEmulator();
let InstanceId: string;
let AvailabilityZone: string;

beforeEach(async () => {
  const { subnetId } = await createNetwork(aws.ec2);
  const launched = await launch(aws.ec2, { SubnetId: subnetId });
  InstanceId = launched.InstanceId;
  AvailabilityZone = launched.Placement?.AvailabilityZone ?? '';
});

const make = async (more: object = {}) =>
  aws.ec2.send(new CreateVolumeCommand({ AvailabilityZone, ...more }));

const blank = async (zone = AvailabilityZone) =>
  (await make({ AvailabilityZone: zone, Size: 8 })).VolumeId ?? '';

const snapshotOf = async (VolumeId: string) =>
  (await aws.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '';

const attach = (VolumeId: string, Device = '/dev/sdf', id = InstanceId) =>
  aws.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device }));

const detach = (VolumeId: string, more: object = {}) =>
  aws.ec2.send(new DetachVolumeCommand({ VolumeId, ...more }));

const volumes = async () => (await aws.ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];

describe('a volume of a snapshot', () => {
  beforeEach(() => aws.emulator.timing({ snapshotSeconds: 0 }));

  test('has the size and the encryption of the snapshot', async () => {
    const { VolumeId = '' } = await make({ Size: 12, Encrypted: true });
    const SnapshotId = await snapshotOf(VolumeId);
    expect(await make({ SnapshotId, VolumeType: 'gp3' })).toMatchObject({
      SnapshotId,
      Size: 12,
      Encrypted: true,
      VolumeType: 'gp3',
      AvailabilityZone,
    });
  });

  test('is not made before the snapshot is completed', async () => {
    const SnapshotId = await snapshotOf(await blank());
    await aws.emulator.timing({ snapshotSeconds: 3_600 });
    await expect(make({ SnapshotId })).rejects.toMatchObject({ name: 'IncorrectState' });
  });

  test('is not smaller than the snapshot', async () => {
    const SnapshotId = await snapshotOf(await blank());
    await expect(make({ SnapshotId, Size: 7 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('is made once for one client token, and not for another request with it', async () => {
    const before = (await volumes()).length;
    const request = { Size: 1, ClientToken: 'one' };
    const first = await make(request);
    expect((await make(request)).VolumeId).toBe(first.VolumeId);
    await expect(make({ ...request, Size: 2 })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
    expect(await volumes()).toHaveLength(before + 1);
  });
});

describe('attaching a volume', () => {
  test('leaves it there when the instance is terminated', async () => {
    const VolumeId = await blank();
    await attach(VolumeId);
    expect((await volumes()).find((one) => one.VolumeId === VolumeId)).toMatchObject({
      State: 'in-use',
      Attachments: [{ InstanceId, Device: '/dev/sdf', DeleteOnTermination: false }],
    });
  });

  test('across zones is refused', async () => {
    const other = `${AvailabilityZone.slice(0, -1)}${AvailabilityZone.endsWith('b') ? 'c' : 'b'}`;
    await expect(attach(await blank(other))).rejects.toMatchObject({
      name: 'InvalidVolume.ZoneMismatch',
    });
  });

  test.each(['/dev/sdf', '/dev/xvdf', 'xvdf'])(
    'at %s is refused where something lies at /dev/sdf',
    async (device) => {
      await attach(await blank());
      await expect(attach(await blank(), device)).rejects.toMatchObject({
        name: 'InvalidDevice.InUse',
      });
    },
  );

  test('a second time is refused', async () => {
    const VolumeId = await blank();
    await attach(VolumeId);
    await expect(attach(VolumeId, '/dev/sdg')).rejects.toMatchObject({ name: 'VolumeInUse' });
  });

  test('to what is terminated is refused', async () => {
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    await expect(attach(await blank())).rejects.toMatchObject({ name: 'IncorrectState' });
  });
});

describe('detaching a volume', () => {
  test('needs no name of the instance', async () => {
    const VolumeId = await blank();
    await attach(VolumeId);
    expect(await detach(VolumeId)).toMatchObject({ InstanceId, State: 'detaching' });
    expect((await volumes()).find((one) => one.VolumeId === VolumeId)?.State).toBe('available');
  });

  test('from another instance is refused, and takes nothing of that one away', async () => {
    const { subnetId } = await createNetwork(aws.ec2);
    const other = await launch(aws.ec2, { SubnetId: subnetId });
    const [here, there] = [await blank(), await blank(other.Placement?.AvailabilityZone)];
    await attach(here);
    await attach(there, '/dev/sdf', other.InstanceId);
    await expect(detach(here, { InstanceId: other.InstanceId })).rejects.toMatchObject({
      name: 'InvalidAttachment.NotFound',
    });
    expect((await volumes()).find((one) => one.VolumeId === there)?.State).toBe('in-use');
  });

  test('of the root of what runs is refused', async () => {
    const root = (await volumes()).find(
      ({ Attachments = [] }) => Attachments[0]?.InstanceId === InstanceId,
    );
    await expect(detach(root?.VolumeId ?? '')).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
  });
});

describe('deleting a volume', () => {
  test('that is attached is refused; one that is not is gone', async () => {
    const VolumeId = await blank();
    await attach(VolumeId);
    await expect(aws.ec2.send(new DeleteVolumeCommand({ VolumeId }))).rejects.toMatchObject({
      name: 'VolumeInUse',
    });
    await detach(VolumeId);
    await aws.ec2.send(new DeleteVolumeCommand({ VolumeId }));
    await expect(
      aws.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] })),
    ).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
  });
});
