import {
  DescribeInstanceAttributeCommand,
  DescribeVolumesCommand,
  GetConsoleScreenshotCommand,
  type InstanceAttributeName,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  ModifyInstanceMetadataOptionsCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, describeInstance, launch } from '../world.ts';

const aws = useEmulator();
let SubnetId: string;
let InstanceId: string;

beforeEach(async () => {
  ({ subnetId: SubnetId } = await createNetwork(aws.ec2));
  ({ InstanceId } = await launch(aws.ec2, { SubnetId }));
});

const modify = (change: Partial<ModifyInstanceAttributeCommandInput>, id = InstanceId) =>
  aws.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, ...change }));

const attribute = (Attribute: InstanceAttributeName) =>
  aws.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));

describe('ModifyInstanceAttribute', () => {
  test('sets the shutdown behaviour and leaves the groups', async () => {
    const before = await describeInstance(aws.ec2, InstanceId);
    await modify({ InstanceInitiatedShutdownBehavior: { Value: 'terminate' } });
    const { InstanceInitiatedShutdownBehavior } = await attribute(
      'instanceInitiatedShutdownBehavior',
    );
    expect(InstanceInitiatedShutdownBehavior?.Value).toBe('terminate');
    const after = await describeInstance(aws.ec2, InstanceId);
    expect(after.SecurityGroups).toEqual(before.SecurityGroups);
  });

  test('sets both protections', async () => {
    await modify({ DisableApiTermination: { Value: true } });
    await modify({ DisableApiStop: { Value: true } });
    expect((await attribute('disableApiTermination')).DisableApiTermination?.Value).toBe(true);
    expect((await attribute('disableApiStop')).DisableApiStop?.Value).toBe(true);
  });

  test('changes nothing in a dry run', async () => {
    await expect(
      modify({ DisableApiTermination: { Value: true }, DryRun: true }),
    ).rejects.toMatchObject({ name: 'DryRunOperation' });
    await expect(
      modify({ InstanceInitiatedShutdownBehavior: { Value: 'terminate' }, DryRun: true }),
    ).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect((await attribute('disableApiTermination')).DisableApiTermination?.Value).toBe(false);
  });

  test('takes one attribute per call', async () => {
    await expect(
      modify({ DisableApiTermination: { Value: true }, DisableApiStop: { Value: true } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
  });

  test('does not protect Spot instances', async () => {
    const spot = await launch(aws.ec2, { SubnetId, InstanceMarketOptions: { MarketType: 'spot' } });
    expect((await describeInstance(aws.ec2, spot.InstanceId)).InstanceLifecycle).toBe('spot');
    for (const change of [
      { DisableApiTermination: { Value: true } },
      { DisableApiStop: { Value: true } },
    ]) {
      await expect(modify(change, spot.InstanceId)).rejects.toMatchObject({
        name: 'UnsupportedOperation',
      });
    }
  });

  test('DeleteOnTermination shows wherever AWS tells it', async () => {
    const shown = async () => {
      const [{ BlockDeviceMappings }, { Volumes }, attributes] = await Promise.all([
        describeInstance(aws.ec2, InstanceId),
        aws.ec2.send(new DescribeVolumesCommand({})),
        attribute('blockDeviceMapping'),
      ]);
      return [
        BlockDeviceMappings?.[0]?.Ebs?.DeleteOnTermination,
        Volumes?.[0]?.Attachments?.[0]?.DeleteOnTermination,
        attributes.BlockDeviceMappings?.[0]?.Ebs?.DeleteOnTermination,
      ];
    };
    const set = (DeviceName: string, DeleteOnTermination: boolean) =>
      modify({ BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination } }] });
    expect(await shown()).toEqual([true, true, true]);
    await set('/dev/sda1', false);
    expect(await shown()).toEqual([false, false, false]);
    await expect(set('/dev/sdz', false)).rejects.toMatchObject({
      name: 'InvalidInstanceAttributeValue',
    });
  });
});

describe('protected instances are not terminated', () => {
  test('when protected at launch', async () => {
    const kept = await launch(aws.ec2, { SubnetId, DisableApiTermination: true });
    await expect(
      aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [kept.InstanceId] })),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
  });

  test('when protected from being stopped', async () => {
    await modify({ DisableApiStop: { Value: true } });
    await expect(
      aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] })),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
  });
});

test('metadata options that are not named stay, and a dry run changes nothing', async () => {
  const set = (options: object) =>
    aws.ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, ...options }));
  await set({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
  await expect(set({ HttpEndpoint: 'disabled', DryRun: true })).rejects.toMatchObject({
    name: 'DryRunOperation',
  });
  await set({ InstanceMetadataTags: 'enabled' });
  expect((await describeInstance(aws.ec2, InstanceId)).MetadataOptions).toMatchObject({
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'enabled',
    InstanceMetadataTags: 'enabled',
  });
});

test('a running instance has a screenshot', async () => {
  const { ImageData } = await aws.ec2.send(new GetConsoleScreenshotCommand({ InstanceId }));
  expect(Buffer.from(ImageData ?? '', 'base64').subarray(0, 2)).toEqual(Buffer.from('ffd8', 'hex'));
});
