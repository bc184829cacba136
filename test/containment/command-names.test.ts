import { spawn } from 'node:child_process';
import { CreateTagsCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../build/paths.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { useCommand } from './command.ts';

/** The on-call has a name or an address from a dashboard, and no id. */

const scenes = useScene();
const command = useCommand();

const run = (scene: Scene, ...args: readonly string[]) =>
  command.start(scene.emulator, args, { TRANSITION_HOLD_SECONDS: '0' }).ended;

const name = ({ clients }: Scene, id: string, Value: string) =>
  clients.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value }] }));

const instanceOf = async ({ clients, world }: Scene) => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const [instance] = Reservations[0]?.Instances ?? [];
  if (instance === undefined) throw new Error('The suspect is gone');
  return instance;
};

const groupsOf = async (scene: Scene) =>
  ((await instanceOf(scene)).NetworkInterfaces ?? []).flatMap(({ Groups = [] }) =>
    Groups.map(({ GroupName = '' }) => GroupName),
  );

/** Types an answer at a terminal of its own; the code that the command ends with. */
const atTerminal = (scene: Scene, args: readonly string[], typed: string): Promise<number> =>
  new Promise((resolve) => {
    const line = [process.execPath, inProject('dist/cordon.mjs'), ...args].join(' ');
    const child = spawn('script', ['-qfec', line, '/dev/null'], {
      cwd: command.folder(),
      env: {
        ...{ PATH: process.env.PATH, HOME: command.folder(), TRANSITION_HOLD_SECONDS: '0' },
        ...scene.emulator.environment,
      },
    });
    let asked = false;
    child.stdout.on('data', (data) => {
      if (asked || !String(data).includes('Type i-')) return;
      asked = true;
      child.stdin.write(`${typed}\n`);
    });
    child.on('close', (code) => resolve(code ?? -1));
  });

describe('An instance that is named by its Name tag or its private address', () => {
  it('is read back by either, and shown with its id, its VPC and its launch time', async () => {
    const scene = await scenes.open();
    const { suspectId } = scene.world;
    await name(scene, suspectId, 'web 7');
    const { VpcId = '', NetworkInterfaces = [] } = await instanceOf(scene);
    const addresses = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) =>
      PrivateIpAddresses.map(({ PrivateIpAddress = '' }) => PrivateIpAddress),
    );
    for (const named of ['web 7', ...addresses]) {
      const { code, stdout, stderr } = await run(scene, 'verify', named);
      expect(code).toBe(4);
      expect(stdout).toMatch(new RegExp(`^NEVER CONTAINED ${suspectId}`));
      expect(stderr).toMatch(
        new RegExp(`^"${named}" is\n  ${suspectId}  ${VpcId}  launched \\S+Z  running  "web 7"\n$`),
      );
    }
  });

  it('is refused with a list where several bear the name, and with a sentence where none does', async () => {
    const scene = await scenes.open();
    const { suspectId, healthyId } = scene.world;
    await name(scene, suspectId, 'web');
    await name(scene, healthyId, 'web');
    const several = await run(scene, 'verify', 'web');
    expect(several).toMatchObject({ code: 2, stdout: '' });
    for (const id of [suspectId, healthyId]) expect(several.stderr).toContain(`  ${id}  vpc-`);
    for (const nobody of ['we*', 'w?b', '203.0.113.250']) {
      const none = await run(scene, 'verify', nobody);
      expect(none).toMatchObject({ code: 2, stdout: '' });
      expect(none.stderr).toContain('No instance in us-east-1 has the name');
    }
  });

  it('shows a hostile name between quotation marks, on one line', async () => {
    const scene = await scenes.open();
    const hostile = 'web\u001b[2J\n"CONTAINED';
    await name(scene, scene.world.suspectId, hostile);
    const { stderr } = await run(scene, 'verify', hostile);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain(`"web [2J 'CONTAINED"`);
  });

  it.each([[[]], [['--yes']]])(
    'is not cut without a person who types its id: %j',
    async (options) => {
      const scene = await scenes.open();
      await name(scene, scene.world.suspectId, 'web-7');
      const before = await groupsOf(scene);
      for (const verb of ['contain', 'release']) {
        const { code, stdout, stderr } = await run(scene, verb, 'web-7', ...options);
        expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
        expect(stderr).toContain('Nobody is there to confirm that "web-7" is i-');
      }
      expect(await groupsOf(scene)).toEqual(before);
    },
  );

  it('is cut once its id was typed, and not where another was', async () => {
    const scene = await scenes.open();
    const { suspectId, healthyId } = scene.world;
    await name(scene, suspectId, 'web-7');
    const before = await groupsOf(scene);
    expect(await atTerminal(scene, ['contain', 'web-7'], healthyId)).toBe(3);
    expect(await groupsOf(scene)).toEqual(before);
    expect(await atTerminal(scene, ['contain', 'web-7'], suspectId)).toBe(0);
    for (const group of await groupsOf(scene)) expect(group).toBe('cordon-isolation-full');
  });

  it('is rehearsed without a question: nothing is changed', async () => {
    const scene = await scenes.open();
    await name(scene, scene.world.suspectId, 'web-7');
    const { code } = await run(scene, 'contain', 'web-7', '--dry-run', '--quiet');
    expect(code).toBe(0);
  });
});
