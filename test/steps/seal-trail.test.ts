import { CreateTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import { judgeTrail } from '../../src/record/trail/seal/judge-trail.ts';
import type { TrailKey } from '../../src/record/trail/seal/trail-key.ts';
import { tag } from '../../src/steps/tag.ts';
import { aTrailKey } from '../record/trail/seal/test-key.ts';
import { awsError } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { aBefore, aCase, caseId, firstInterface, instanceId, webGroup } from './sample-instance.ts';

const at = '2026-03-01T03:07:00.000Z';
const key = aTrailKey();
const publicKey = await key.publicKey();

/** What prepare has written to the interface, as its entry says. */
const ofInterface = { 'cordon:case': caseId, 'cordon:original-groups': webGroup };

const prepared = {
  step: 'prepare-isolation',
  outcome: 'done',
  startedAt: at,
  finishedAt: at,
  detail: { vouched: { [firstInterface]: ofInterface } },
} as const;

const scene = (trailKey: TrailKey = key, change: Partial<Before> = {}) => {
  const aws = fakeAws();
  const before = aBefore(change);
  const world = new FakeEc2(aws, { instance: before.instance });
  world.tag(firstInterface, ofInterface);
  const close = () => tag({ ...aws.deps, trailKey }, { case: aCase(), before, steps: [prepared] });
  /** The states of all seals, against the tags as they stand. */
  const states = () => {
    const { instance } = before;
    const now = {
      ...instance,
      tags: world.tagsOf(instanceId),
      networkInterfaces: instance.networkInterfaces.map((one) => ({
        ...one,
        cordonTags: world.tagsOf(one.id),
      })),
    };
    const seals = judgeTrail(now, caseId, publicKey, {});
    return Object.fromEntries(Object.entries(seals).map(([id, { state }]) => [id, state]));
  };
  return { aws, world, close, states };
};

const refusing: TrailKey = {
  ...key,
  sign: () => Promise.reject(awsError('KMSInvalidStateException')),
};

describe('The trail, when the case is closed', () => {
  it('is sealed with the tags that it seals, in one call per resource', async () => {
    const { aws, close, states } = scene();
    await close();
    expect(states()).toEqual({ [instanceId]: 'sealed', [firstInterface]: 'sealed' });
    const calls = aws.ec2.commandCalls(CreateTagsCommand).map(({ args: [{ input }] }) => input);
    const ofInstance = calls.filter(({ Resources }) => Resources?.includes(instanceId));
    expect(ofInstance).toHaveLength(1);
    expect(ofInstance[0]?.Tags?.map(({ Key }) => Key)).toEqual(
      expect.arrayContaining(['cordon:status', 'cordon:seal']),
    );
  });

  it('is sealed the same when it is closed twice, under a higher number', async () => {
    const { world, close, states } = scene();
    const seq = () => Number(world.tagsOf(instanceId)['cordon:seal']?.split(' ')[2]);
    await close();
    const first = seq();
    await close();
    expect(states()).toEqual({ [instanceId]: 'sealed', [firstInterface]: 'sealed' });
    expect(seq()).toBeGreaterThan(first);
  });

  it('puts back what somebody has changed since the run wrote it', async () => {
    const { world, close, states } = scene();
    world.tag(firstInterface, { 'cordon:original-groups': 'sg-0eeeeeeeeeeeeeee5' });
    await close();
    expect(world.tagsOf(firstInterface)).toMatchObject(ofInterface);
    expect(states()).toMatchObject({ [firstInterface]: 'sealed' });
  });

  it('is written without a seal where the key cannot be used, and the step says so', async () => {
    const { world, close } = scene(refusing);
    const { outcome, detail } = await close();
    expect(outcome).toBe('done');
    expect(detail).toMatchObject({
      unsealed: [
        expect.stringContaining(firstInterface),
        expect.stringContaining('KMSInvalidStateException'),
      ],
    });
    expect(world.tagsOf(instanceId)).toMatchObject({ 'cordon:case': caseId });
    expect(world.tagsOf(instanceId)).not.toHaveProperty('cordon:seal');
  });

  it('keeps no earlier seal that would look broken beside the new tags', async () => {
    const { world, close } = scene(refusing);
    world.tag(instanceId, { 'cordon:seal': 'v1 of an earlier run' });
    await close();
    expect(world.tagsOf(instanceId)['cordon:seal']).toBe('-');
  });

  it('does not wait for a key that never answers', async () => {
    const { aws, world, close } = scene();
    aws.ec2.on(DescribeTagsCommand).callsFake(() => new Promise(() => {}));
    await close();
    expect(world.tagsOf(instanceId)).toMatchObject({ 'cordon:case': caseId });
    expect(aws.clock.elapsed).toBeLessThanOrEqual(10_000);
  });

  it('covers nothing that this run has not written', async () => {
    const { world, close } = scene();
    world.tag(instanceId, {
      'cordon:before:profile': 'arn:aws:iam::111122223333:instance-profile/x',
    });
    await close();
    expect(world.tagsOf(instanceId)['cordon:seal']).toMatch(/ [A-Zac-hj-z]+ \S+$/);
  });
});
