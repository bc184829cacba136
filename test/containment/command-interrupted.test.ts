import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { useScene } from './by-hand.ts';
import { useCommand } from './command.ts';
import {
  endingSignals,
  expectFinishedCut,
  interruptAt,
  tellingTopic,
  whenCalled,
} from './command-interruptions.ts';
import { isIsolated } from './invariants.ts';
import { worldState } from './world-state.ts';

/** Every state of the run is in `test/campaign/interrupted-command.campaign.ts`; here are a few. */

const scenes = useScene();
const command = useCommand();

describe('cordon contain, ended by a signal', () => {
  // fault O5
  it.each(endingSignals.flatMap((signal) => [[signal, 1] as const, [signal, 24] as const]))(
    'finishes the cut and says how it stands: %s at call %d',
    async (signal, at) => {
      const scene = await scenes.open();
      const ended = await interruptAt(command, scene, signal, at);
      expect(ended.stderr).toContain(`${signal}: finishing the cut first`);
      await expectFinishedCut(scene, ended);
    },
  );

  // fault O5
  it('says that it is not isolated when it is abandoned before the cut', async () => {
    const scene = await scenes.open();
    const { child, ended } = command.start(
      scene.emulator,
      ['contain', scene.world.suspectId],
      await tellingTopic(scene),
    );
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'ModifyNetworkInterfaceAttribute',
      kind: 'timeout',
      times: Number.POSITIVE_INFINITY,
    });
    whenCalled(
      scene,
      (count) => count === 1,
      () => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 2_000);
      },
    );
    const { code, stderr } = await ended;
    expect(code).toBe(4);
    expect(stderr).toMatch(/(?:NOT ISOLATED|NEVER CONTAINED|NOT KNOWN TO BE ISOLATED) i-/);
    expect(stderr).toContain(`Go on with: cordon contain ${scene.world.suspectId}`);
  });

  // fault O5
  it('ends with 130 when it is abandoned after the cut, as read back', async () => {
    const scene = await scenes.open();
    const { child, ended } = command.start(
      scene.emulator,
      ['contain', scene.world.suspectId],
      await tellingTopic(scene),
    );
    // The message about the cut hangs: it is sent when the cut was read back.
    scene.emulator.traffic.inject({
      service: 'sns',
      action: 'Publish',
      kind: 'timeout',
      times: Number.POSITIVE_INFINITY,
      matches: () => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 1_000);
        return true;
      },
    });
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`ISOLATED ${scene.world.suspectId}`);
  });
});

describe('cordon contain, whose looker-on has gone', () => {
  // fault O5
  it.each(['stdout', 'stderr'] as const)('goes on to the end without its %s', async (stream) => {
    const scene = await scenes.open();
    const { child, ended } = command.start(
      scene.emulator,
      ['contain', scene.world.suspectId],
      await tellingTopic(scene),
    );
    child[stream]?.destroy();
    expect((await ended).code).toBe(0);
    expect(await isIsolated(scene)).toBe(true);
    const state = await worldState({ ...scene });
    expect(state.snapshots).toBe(3);
    expect(scene.subjects().at(-1)).toContain('CONTAINED');
  });
});

describe('cordon contain, whose log cannot be written', () => {
  // fault O5
  it.each([
    ['a folder that is not there', 'nowhere/case.log'],
    ['a full disk', '/dev/full'],
  ])('goes on with the log in the temporary folder: %s', async (_, log) => {
    const scene = await scenes.open();
    const { code, stderr } = await command.start(
      scene.emulator,
      ['contain', scene.world.suspectId, '--log', log],
      await tellingTopic(scene),
    ).ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`The log cannot be written to ${log}`);
    const path = /The log goes on in (\S+)/.exec(stderr)?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toContain('"message":"before"');
  });

  // fault A12
  it('keeps the log to its owner, without the tag values of others', async () => {
    const scene = await scenes.open();
    await scene.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [scene.world.suspectId],
        Tags: [{ Key: 'team:token', Value: 'hush-hush' }],
      }),
    );
    const path = join(command.folder(), 'private.log');
    await command.start(
      scene.emulator,
      ['contain', scene.world.suspectId, '--log', path],
      await tellingTopic(scene),
    ).ended;
    expect(existsSync(path)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain('hush-hush');
  });
});
