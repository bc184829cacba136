import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/case/judgement.ts';
import { denied } from './aws-error.ts';
import { containedScene, controlIn } from './contained-scene.ts';
import {
  anInterface,
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  secondInterface,
  webGroup,
} from './sample-instance.ts';

type Scene = ReturnType<typeof containedScene>;

const volumeId = 'vol-1';

/** Somebody who may tag writes over a tag, or takes it away. */
const erase = ({ aws, world }: Scene, resource: string, key: string) => {
  const { [key]: _gone, ...rest } = world.tagsOf(resource);
  aws.ec2.on(DescribeTagsCommand).callsFake(async () => ({
    Tags: [instanceId, firstInterface, secondInterface, volumeId].flatMap((ResourceId) =>
      Object.entries(ResourceId === resource ? rest : world.tagsOf(ResourceId)).map(
        ([Key, Value]) => ({ ResourceId, Key, Value }),
      ),
    ),
  }));
};

const trailOf = async (scene: Scene) => controlIn(await scene.run(), 'trail');

describe('the trail', () => {
  it('holds where the tags say what an undo needs', async () => {
    expect(await trailOf(containedScene())).toMatchObject({ holds: true, required: false });
  });

  // threat C3
  it.each([
    [instanceId, 'cordon:status'],
    [instanceId, 'cordon:trigger'],
    [instanceId, 'cordon:before:protect'],
  ])('does not hold without a tag of %s, which is named: %s', async (resource, key) => {
    const scene = containedScene();
    erase(scene, resource, key);
    expect(await trailOf(scene)).toMatchObject({
      holds: false,
      observed: `${key} of ${resource} is missing`,
    });
  });

  it('does not hold without the case, or with that of another', async () => {
    const scene = containedScene();
    scene.world.tag(instanceId, { 'cordon:case': `20260301T0250Z-${instanceId}` });
    expect(await trailOf(scene)).toMatchObject({
      holds: false,
      observed: `cordon:case of ${instanceId} says "20260301T0250Z-${instanceId}", not "${caseId}"`,
    });
  });

  it('names each interface whose groups before nobody knows any more', async () => {
    const networkInterfaces = [
      anInterface({ groupIds: [isolationId] }),
      anotherInterface({ groupIds: [isolationId] }),
    ];
    const scene = containedScene({ instance: { networkInterfaces } });
    expect(await trailOf(scene)).toMatchObject({ holds: true });
    erase(scene, secondInterface, 'cordon:original-groups');
    expect((await trailOf(scene)).observed).toBe(
      `cordon:original-groups of ${secondInterface} is missing`,
    );
  });

  // fault B1
  it.each([
    ['groups', firstInterface, { 'cordon:original-groups': 'sg-00000000000000bad' }],
    ['protections', instanceId, { 'cordon:before:protect': 'term=1 stop=1 shutdown=stop' }],
    ['volume', volumeId, { 'cordon:before:dot': '/dev/xvda delete=0' }],
  ])('does not hold where somebody rewrote what was before: %s', async (_what, resource, tags) => {
    const scene = containedScene();
    scene.world.tag(resource, tags);
    const control = await trailOf(scene);
    expect(control.holds).toBe(false);
    for (const value of Object.values(tags)) expect(control.observed).toContain(`"${value}"`);
  });

  it('asks nothing of an interface that only AWS can move', async () => {
    const networkInterfaces = [
      anInterface({ groupIds: [isolationId] }),
      anotherInterface({ requesterManaged: true, groupIds: [webGroup] }),
    ];
    const scene = containedScene({ instance: { networkInterfaces } });
    erase(scene, secondInterface, 'cordon:original-groups');
    expect((await trailOf(scene)).holds).toBe(true);
  });

  it('is unknown where the tags cannot be read, and takes no other control with it', async () => {
    const scene = containedScene();
    scene.aws.ec2.on(DescribeTagsCommand).rejects(denied());
    const detail = await scene.run();
    expect(controlIn(detail, 'trail').holds).toBe('unknown');
    expect(detail.proof.filter(({ holds }) => holds !== true)).toHaveLength(1);
  });

  it('that is gone does not spoil the case, nor is it waited for', async () => {
    const scene = containedScene();
    erase(scene, instanceId, 'cordon:status');
    const verification = await scene.run();
    expect(scene.aws.clock.elapsed).toBe(0);
    const { status } = judge({
      dryRun: false,
      skip: undefined,
      finished: true,
      steps: [],
      isolation: undefined,
      verification,
    });
    expect(status).toBe('contained');
    expect(caseId).toContain(instanceId);
  });
});
