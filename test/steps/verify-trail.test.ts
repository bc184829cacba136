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

/** Somebody who may tag writes over a tag, or takes it away. */
const erase = ({ aws, world }: Scene, resource: string, key: string) => {
  const { [key]: _gone, ...rest } = world.tagsOf(resource);
  aws.ec2.on(DescribeTagsCommand).callsFake(async () => ({
    Tags: [instanceId, firstInterface, secondInterface].flatMap((ResourceId) =>
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
    expect(await trailOf(scene)).toMatchObject({ holds: false, observed: `missing: ${key}` });
  });

  it('does not hold without the case, or with that of another', async () => {
    const scene = containedScene();
    scene.world.tag(instanceId, { 'cordon:case': `20260301T0250Z-${instanceId}` });
    expect(await trailOf(scene)).toMatchObject({
      holds: false,
      observed: 'missing: cordon:case of this case',
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
      `missing: cordon:original-groups of ${secondInterface}`,
    );
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
