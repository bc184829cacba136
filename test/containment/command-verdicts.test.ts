import { CreateTagsCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { useCommand } from './command.ts';

const scenes = useScene();
const command = useCommand();

const tag = ({ clients, world }: Scene, Key: string, Value: string) =>
  clients.ec2.send(new CreateTagsCommand({ Resources: [world.suspectId], Tags: [{ Key, Value }] }));

const verify = async (scene: Scene, ...args: string[]) =>
  command.start(scene.emulator, ['verify', scene.world.suspectId, ...args]).ended;

describe('the first word of cordon verify', () => {
  // fault C10
  it('is NEVER CONTAINED for an instance that no case is known of, and no case is invented', async () => {
    const scene = await scenes.open();
    const shown = await verify(scene);
    expect(shown.code).toBe(4);
    expect(shown.stdout).toMatch(/^NEVER CONTAINED i-/);
    const { stdout } = await verify(scene, '--json');
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(answer.verdict).toBe('NEVER CONTAINED');
    expect(answer).not.toHaveProperty('caseId');
  });

  // fault C10
  it('is RELEASED for an open instance whose trail says so', async () => {
    const scene = await scenes.open();
    await tag(scene, 'cordon:status', 'released');
    const minute = new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
    await tag(scene, 'cordon:case', `${minute}Z-${scene.world.suspectId}`);
    const shown = await verify(scene);
    expect(shown.code).toBe(4);
    expect(shown.stdout).toMatch(/^RELEASED i-/);
  });

  // fault C10
  it('is ISOLATED while AWS shows it, whatever the trail says', async () => {
    const scene = await scenes.open();
    await scene.contain();
    await tag(scene, 'cordon:status', 'released');
    const { code, stdout } = await verify(scene, '--quiet');
    expect(stdout).toMatch(/^ISOLATED i-.*\n$/);
    expect([0, 6]).toContain(code);
  });

  // fault C10
  it('is TERMINATED for an instance that has gone', async () => {
    const scene = await scenes.open();
    await scene.clients.ec2.send(
      new TerminateInstancesCommand({ InstanceIds: [scene.world.suspectId] }),
    );
    const { code, stdout } = await verify(scene);
    expect(stdout).toMatch(/^TERMINATED i-/);
    expect(code).toBe(3);
  });
});

describe('what is wrong before anything begins', () => {
  // fault S5
  it.each([
    ['a typing error in the id', ['contain', 'i-0123456789abcdeg'], {}, /is no instance id/],
    ['an instance that does not exist', ['contain', 'i-0123456789abcdef0'], {}, /does not exist/],
    [
      'an AWS profile that does not exist',
      ['contain', 'i-0123456789abcdef0', '--profile', 'nobody'],
      {},
      /in the AWS profile "nobody"/,
    ],
    [
      'no Region',
      ['contain', 'i-0123456789abcdef0'],
      { AWS_REGION: '', AWS_DEFAULT_REGION: '' },
      /No Region is named/,
    ],
  ])('is one sentence and exit code 2: %s', async (_, args, environment, words) => {
    const scene = await scenes.open();
    const { code, stdout, stderr } = await command.start(scene.emulator, args, environment).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(scene.subjects()).toEqual([]);
  });

  // fault A13
  it('is first on standard error, with exit code 4, when the credentials have expired', async () => {
    const scene = await scenes.open();
    scene.emulator.traffic.inject({
      service: '*',
      action: '*',
      kind: 'expired',
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stderr } = await command.start(scene.emulator, ['contain', scene.world.suspectId])
      .ended;
    expect(code).toBe(4);
    const [first = ''] = stderr.split('\n');
    expect(first).toMatch(/^NOT CONTAINED i-.*credentials have expired/);
  });
});

describe('a run without a topic', () => {
  // fault S7
  it('says in the verdict that nobody else was told', async () => {
    const scene = await scenes.open();
    const { stdout } = await command.start(scene.emulator, ['contain', scene.world.suspectId], {
      TRANSITION_HOLD_SECONDS: '0',
    }).ended;
    const [verdict = ''] = stdout.split('\n');
    expect(verdict).toMatch(
      /^CONTAINED i-.*NOBODY ELSE WAS TOLD: NOTIFICATION_TOPIC_ARN is not set/,
    );
  });
});
