import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { reinforceCutFunction } from '../../src/functions/reinforce-cut.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { FakeEc2 } from '../steps/fake-ec2.ts';
import { FakeFurtherCuts } from '../steps/fake-further-cuts.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  isolationId,
  region,
  webGroup,
} from '../steps/sample-instance.ts';

/** The function as the machine calls it when the collection of memory needs the host no more. */

const settings = {
  optedInto: ['disable-imds'] as const,
  toolkitSnapshotId: 'snap-0123456789abcdef0',
};

const scene = (groupId: string, tags: Record<string, string>) => {
  const aws = fakeAws(settings);
  const instance = anInstance({ networkInterfaces: [anInterface({ groupIds: [groupId] })], tags });
  new FakeFurtherCuts(
    aws,
    new FakeEc2(aws, { instance, groups: [anIsolationGroup(), aTransitionGroup()] }),
  );
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  const event = { case: aCase(), before: aBefore(), part: 'after-memory' };
  return { aws, run: () => reinforceCutFunction.run({ ...aws.deps, region }, event) };
};

let tags: Record<string, string>;
beforeEach(() => {
  tags = { 'cordon:case': aCase().caseId, 'cordon:status': 'contained' };
});

describe('When memory is saved', () => {
  it('the cuts that waited are made where the instance is still isolated', async () => {
    const { aws, run } = scene(isolationId, tags);
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect(aws.ec2.commandCalls(ModifyInstanceMetadataOptionsCommand)).toHaveLength(1);
  });

  it('nothing is cut on an instance that was given back meanwhile', async () => {
    const { aws, run } = scene(webGroup, { ...tags, 'cordon:status': 'released' });
    expect(await run()).toMatchObject({ outcome: 'not-applicable' });
    expect(aws.ec2.commandCalls(ModifyInstanceMetadataOptionsCommand)).toEqual([]);
  });
});
