import { describe, expect, it } from 'vitest';
import {
  anInterface,
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  secondInterface,
  transitionId,
  webGroup,
} from '../steps/sample-instance.ts';
import { aCall, driftScene, isolatedInterface } from './drift-scene.ts';

const settings = { onDrift: 'enforce' } as const;
const healthy = anInterface({ groupIds: [webGroup], publicAddresses: [] });
const planted = anotherInterface({ groupIds: [isolationId] });
const remembering = { 'cordon:case': caseId, 'cordon:original-groups': webGroup };

describe('a healthy server to which somebody attaches an interface in a group of Cordon', () => {
  const attacked = (tags: Readonly<Record<string, string>> = {}, onDrift = 'enforce' as const) => {
    const attached = [healthy, planted];
    const scene = driftScene({ interfaces: [], attached, settings: { onDrift }, executed: false });
    scene.world.tag(instanceId, { 'cordon:case': '', 'cordon:status': '' });
    scene.world.tag(secondInterface, tags);
    return scene;
  };

  // fault A2
  it('keeps its network, and the on-call is told why nothing was done', async () => {
    const { run, world, messages } = attacked();
    expect((await run()).checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(world.moves).toEqual([]);
    expect(messages[0]?.news.doubt).toContain('somebody else may have put them there');
    expect(messages[0]?.text).toContain('Nothing was isolated');
  });

  // fault A2
  it('keeps its network though the interface was tagged as that of a case', async () => {
    const { run, world } = attacked(remembering);
    await run();
    expect(world.moves).toEqual([]);
  });

  // fault A2
  // threat B17
  it('keeps its network after the watch closed an interface that came in transition', async () => {
    const { run, world } = attacked();
    world.place(secondInterface, [transitionId]);
    await run({ kind: 'transition' });
    expect(world.groupsOf(secondInterface)).toEqual([isolationId]);
    // Tags of a case on it would be evidence of one.
    expect(world.tagsOf(secondInterface)).toEqual({});
    await run();
    expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
  });
});

describe('a contained server whose interface was moved out', () => {
  it('is isolated again by the interface that remembers the case, without any execution', async () => {
    const second = isolatedInterface({ id: secondInterface });
    const scene = driftScene({ interfaces: [healthy, second], settings, executed: false });
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [firstInterface] }]);
  });

  // threat B3
  it('is isolated again by its execution, though no interface is left in a group of Cordon', async () => {
    const scene = driftScene({ interfaces: [healthy], settings });
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [firstInterface] }]);
  });

  it('is not by the execution of a rehearsal, or of another server under its name', async () => {
    for (const input of [{ dryRun: true }, { instanceId: 'i-00000000000000077' }]) {
      const scene = driftScene({ interfaces: [healthy], settings, executed: false });
      scene.execute(instanceId, 'SUCCEEDED', input);
      await scene.run();
      expect(scene.world.moves).toEqual([]);
    }
  });
});

describe('a release', () => {
  const halfway = (status: string) => {
    const second = isolatedInterface({ id: secondInterface });
    const scene = driftScene({ interfaces: [healthy, second], settings });
    scene.world.tag(instanceId, { 'cordon:status': status });
    return scene;
  };

  // fault A9
  // threat C4
  it.each(['released', 'releasing', 'release-incomplete'])(
    'that gave one of two interfaces back is told of and not undone: %s',
    async (status) => {
      const { run, world, messages } = halfway(status);
      expect((await run()).checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
      await run(aCall());
      expect(world.moves).toEqual([]);
      expect(messages[0]?.news.doubt).toContain(status);
      expect(messages[0]?.text).toContain('nothing is isolated again');
    },
  );
});

describe('a case that is running while its tags are refused', () => {
  const running = () => {
    const scene = driftScene({ interfaces: [], attached: [healthy, planted], settings });
    scene.world.tag(instanceId, { 'cordon:case': '', 'cordon:status': '' });
    scene.execute(instanceId, 'RUNNING');
    return scene;
  };

  // fault A11
  it('is left to end its transition itself', async () => {
    const { run, world, told } = running();
    world.place(firstInterface, [transitionId]);
    expect((await run()).checked).toMatchObject([{ drifted: [], told: [] }]);
    expect(world.moves).toEqual([]);
    expect(told()).toEqual([]);
  });

  // fault A11
  it('is not cut in on while an interface is still to come', async () => {
    const { run, world, told } = running();
    await run();
    expect(world.moves).toEqual([]);
    expect(told()).toEqual([]);
  });

  // fault A11
  it('is not cut in on by a call that was recorded meanwhile, which is told', async () => {
    const { run, world, told } = running();
    await run(aCall());
    expect(world.moves).toEqual([]);
    expect(told()).toEqual([`${instanceId} open-again`]);
  });

  it('has twenty minutes: who is open for longer is told', async () => {
    const { aws, run, told } = running();
    await aws.clock.sleep(1_201_000);
    await run();
    expect(told()).toEqual([`${instanceId} open-again`]);
  });
});

describe('an interface in transition', () => {
  // fault A11, fault O3
  it.each(['alert', 'enforce'] as const)(
    'is not ended early by the check, and closed after its time, with OnDrift=%s',
    async (onDrift) => {
      const scene = driftScene({ settings: { onDrift, transitionHoldSeconds: 30 } });
      scene.world.place(firstInterface, [transitionId]);
      await scene.run();
      expect(scene.world.moves).toEqual([]);
      expect(scene.told()).toEqual([]);
      await scene.run({ kind: 'transition' });
      expect(scene.aws.clock.elapsed).toBeGreaterThanOrEqual(90_000);
      expect(scene.world.groupsOf(firstInterface)).toEqual([isolationId]);
      expect(scene.told()).toEqual([`${instanceId} isolated-again`]);
    },
  );
});

describe('a server that the case table calls contained, and whose interface was moved out', () => {
  const moved = (tags: Readonly<Record<string, string>>, inTable: ReadonlyMap<string, string>) => {
    const interfaces = [anInterface({ groupIds: [webGroup], publicAddresses: [] })];
    const scene = driftScene({ interfaces, settings, executed: false, inTable });
    scene.world.tag(instanceId, tags);
    return scene;
  };
  const open = new Map([[instanceId, caseId]]);

  it.each(['contained', 'released', 'closed', 'asked', 'refused', 'skipped', ''])(
    'is isolated again though an unsealed tag says "%s"',
    async (status) => {
      const { run, world } = moved({ 'cordon:case': caseId, 'cordon:status': status }, open);
      await run();
      expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    },
  );

  it.each(['released', 'asked'])(
    'is left alone by that tag where no table says otherwise: %s',
    async (status) => {
      const { run, world } = moved({ 'cordon:case': caseId, 'cordon:status': status }, new Map());
      await run({ kind: 'call', call: aCall().call });
      expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
    },
  );
});
