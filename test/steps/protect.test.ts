import type { ModifyInstanceAttributeCommandInput } from '@aws-sdk/client-ec2';
import { CreateTagsCommand, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before, Instance } from '../../src/case/before.ts';
import { ProtectionIncompleteError } from '../../src/case/errors.ts';
import { recall } from '../../src/record/trail/recall.ts';
import type { ProtectDetail } from '../../src/steps/protect.ts';
import { protect } from '../../src/steps/protect.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { aBefore, aCase, anInstance, caseId, instanceId } from './sample-instance.ts';

const scene = (change: Partial<Instance> = {}, more: Partial<Before> = {}) => {
  const aws = fakeAws();
  const instance = anInstance(change);
  const world = new FakeEc2(aws, { instance });
  const before = aBefore({ instance, ...more });
  const run = async (dryRun = false) => {
    const { outcome, detail } = await protect(aws.deps, { case: aCase({ dryRun }), before });
    return { outcome, detail: detail as ProtectDetail };
  };
  return { aws, world, run };
};

const protectedAlready: Partial<Instance> = {
  protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
  volumes: [{ id: 'vol-1', device: '/dev/xvda', deleteOnTermination: false }],
};

describe('an instance whose evidence can be deleted', () => {
  // threat A8, B13
  it('is protected four ways, each by its own call: AWS takes one attribute at a time', async () => {
    const { aws, run } = scene();
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.protected).toEqual(['termination', 'stop', 'shutdown', 'volumes']);
    const inputs = aws.ec2
      .commandCalls(ModifyInstanceAttributeCommand)
      .map(({ args }) => args[0].input);
    expect(inputs).toEqual([
      { InstanceId: instanceId, DisableApiTermination: { Value: true } },
      { InstanceId: instanceId, DisableApiStop: { Value: true } },
      { InstanceId: instanceId, InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
      {
        InstanceId: instanceId,
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: { VolumeId: 'vol-00000000000000001', DeleteOnTermination: false },
          },
        ],
      },
    ]);
  });

  it('has what each volume was before in its tags, before that is changed', async () => {
    const { aws, world, run } = scene();
    const order: string[] = [];
    aws.ec2.on(CreateTagsCommand).callsFake(async ({ Resources }) => {
      await aws.clock.sleep(100);
      order.push(`tag ${Resources[0]}`);
      return {};
    });
    aws.ec2.on(ModifyInstanceAttributeCommand).callsFake(async (input) => {
      if (input.BlockDeviceMappings !== undefined) order.push('volumes');
      return {};
    });
    await run();
    expect(order).toEqual([
      `tag ${instanceId}`,
      'tag vol-00000000000000001',
      'tag vol-00000000000000002',
      'volumes',
    ]);
    expect(world.tagsOf('vol-00000000000000001')).toEqual({});
  });

  it('has the device and the flag of each volume in the tags', async () => {
    const { world, run } = scene();
    await run();
    expect(world.tagsOf('vol-00000000000000001')).toEqual({
      'cordon:case': caseId,
      'cordon:before:dot': '/dev/xvda delete=1',
    });
    expect(world.tagsOf('vol-00000000000000002')).toMatchObject({
      'cordon:before:dot': '/dev/sdf delete=0',
    });
  });

  it('is protected where an attribute could not be read: twice does no harm', async () => {
    const { run } = scene({ protection: {} });
    expect((await run()).detail.protected).toContain('stop');
  });

  it('is protected though its volumes cannot be tagged; what they were is in the log', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    expect((await run()).detail.protected).toContain('volumes');
    expect(aws.log.text).toContain('a before-state could not be written to tags');
    expect(aws.log.text).toContain('/dev/xvda delete=1');
  });
});

describe('an instance that is protected already', () => {
  it('needs no change', async () => {
    const { aws, run } = scene(protectedAlready);
    const { outcome, detail } = await run();
    expect(outcome).toBe('already');
    expect(detail.already).toEqual(['termination', 'stop', 'shutdown', 'volumes']);
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyInstanceAttributeCommand);
  });

  it('keeps the tags of its volumes in a repeat: they say what was before the first case', async () => {
    const cordonTags = { 'cordon:case': caseId, 'cordon:before:dot': '/dev/xvda delete=1' };
    const instanceTags = {
      'cordon:case': caseId,
      'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
    };
    const volumes = [{ id: 'vol-1', device: '/dev/xvda', deleteOnTermination: false, cordonTags }];
    const instance = anInstance({ ...protectedAlready, volumes, tags: instanceTags });
    const open = { caseId, standing: 'kept' } as const;
    const recollection = recall(aBefore({ instance, repeat: true }), open);
    expect(recollection.former.volumes[0]?.deleteOnTermination).toBe(true);
    const { aws, run } = scene(instance, { repeat: true, recollection });
    await run();
    expect(aws.ec2).not.toHaveReceivedCommand(CreateTagsCommand);
  });
});

describe('what AWS does not allow', () => {
  it('is not applicable for a Spot instance, and no failure', async () => {
    const { aws, run } = scene({ spot: true });
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.protected).toEqual(['shutdown', 'volumes']);
    expect(Object.keys(detail.notApplicable)).toEqual(['termination', 'stop']);
    expect(aws.ec2).not.toHaveReceivedCommandWith(ModifyInstanceAttributeCommand, {
      DisableApiTermination: { Value: true },
    });
  });

  it('is not applicable for an instance that EKS manages', async () => {
    const { aws, run } = scene({ managedBy: 'eks.amazonaws.com' });
    const { outcome, detail } = await run();
    expect(outcome).toBe('not-applicable');
    expect(detail.notApplicable).toHaveProperty('termination', expect.stringContaining('eks'));
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyInstanceAttributeCommand);
  });

  it('is learnt from the answer where nobody could know', async () => {
    const { aws, run } = scene();
    aws.ec2
      .on(ModifyInstanceAttributeCommand, { DisableApiStop: { Value: true } })
      .rejects(awsError('UnsupportedOperation', 'not for this instance'));
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.notApplicable).toEqual({ stop: expect.stringContaining('not for this') });
  });
});

describe('trouble', () => {
  it('with one protection does not keep the others, and it is named', async () => {
    const { aws, run } = scene();
    aws.ec2
      .on(ModifyInstanceAttributeCommand, { DisableApiTermination: { Value: true } })
      .rejects(denied());
    const running = run();
    await expect(running).rejects.toThrow(ProtectionIncompleteError);
    await expect(running).rejects.toThrow(/3 of 4 .*termination: UnauthorizedOperation/);
    expect(aws.ec2).toHaveReceivedCommandTimes(ModifyInstanceAttributeCommand, 4);
  });

  describe('with one volume of several', () => {
    const volumes = ['/dev/xvda', '/dev/sdf', '/dev/sdg'].map((device, index) => ({
      id: `vol-${index}`,
      device,
      deleteOnTermination: true,
    }));
    /** The second was detached meanwhile; a call that names it is refused whole. */
    const detached = (
      error = awsError('InvalidInstanceAttributeValue', 'No device at /dev/sdf'),
    ) => {
      const protecting = scene({ ...protectedAlready, volumes });
      const off: (string | undefined)[] = [];
      protecting.aws.ec2
        .on(ModifyInstanceAttributeCommand)
        .callsFake(async ({ BlockDeviceMappings = [] }: ModifyInstanceAttributeCommandInput) => {
          const ids = BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId);
          if (ids.includes('vol-1')) throw error;
          off.push(...ids);
          return {};
        });
      return { ...protecting, off };
    };

    // fault O12
    it('does not keep the others from surviving the instance, and names it', async () => {
      const { run, off } = detached();
      const running = run();
      await expect(running).rejects.toThrow(ProtectionIncompleteError);
      await expect(running).rejects.toThrow(/2 of 3 volumes.*vol-1 at \/dev\/sdf, Invalid/);
      expect(off.toSorted()).toEqual(['vol-0', 'vol-2']);
    });

    // fault O12
    it('is worth another try where that one met load', async () => {
      const { run, off } = detached(awsError('InternalError', 'busy', 400));
      await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
      expect(off).toEqual([]);
    });
  });

  it('of load is worth another try', async () => {
    const { aws, run } = scene();
    aws.ec2.on(ModifyInstanceAttributeCommand).rejects(throttled());
    await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });
});

describe('a dry run', () => {
  it('changes nothing, and says of each change whether it would be allowed', async () => {
    const { aws, world, run } = scene();
    aws.ec2
      .on(ModifyInstanceAttributeCommand, { DisableApiStop: { Value: true } })
      .rejects(denied());
    const { outcome, detail } = await run(true);
    expect(outcome).toBe('planned');
    const { calls } = detail as unknown as { calls: { call: string; permission: string }[] };
    expect(calls.map(({ call, permission }) => `${call} ${permission}`)).toEqual([
      'ec2:CreateTags allowed',
      'ec2:CreateTags allowed',
      'ec2:ModifyInstanceAttribute allowed',
      'ec2:ModifyInstanceAttribute denied',
      'ec2:ModifyInstanceAttribute allowed',
      'ec2:ModifyInstanceAttribute allowed',
    ]);
    for (const { args } of aws.ec2.calls()) expect(args[0].input).toHaveProperty('DryRun', true);
    expect(world.tagsOf('vol-00000000000000001')).toEqual({});
  });
});
