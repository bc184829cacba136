import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { useCommand } from './command.ts';
import { isIsolated } from './invariants.ts';
import { interfaceIdsOf } from './world-state.ts';

const scenes = useScene();
const command = useCommand();

const release = (scene: Scene, ...args: string[]) =>
  command.start(scene.emulator, ['release', scene.world.suspectId, ...args], {
    XDG_STATE_HOME: scene.stateHome,
    USER: 'ada',
  }).ended;

const contained = async (): Promise<Scene> => {
  const scene = await scenes.open();
  expect((await scene.contain()).status).toBe('contained');
  return scene;
};

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('cordon release', () => {
  it('ends with 0, and says RELEASED first and last', async () => {
    const scene = await contained();
    const { code, stdout, stderr } = await release(scene, '--yes', '--reason', 'false alarm');
    expect(code, stderr).toBe(0);
    expect(lines(stdout)[0]).toMatch(/^RELEASED i-.*By ada: false alarm\.$/);
    expect(lines(stdout).at(-1)).toMatch(/^RELEASED i-/);
    // Under --yes nobody said that the group gets it back, where a replacement runs.
    expect(stderr).toContain('--asg attach takes it back');
    expect(stdout).toContain('web: detached → attached: left as it is');
    expect(await isIsolated(scene)).toBe(false);
  });

  it('shows the plan and changes nothing in a dry run', async () => {
    const scene = await contained();
    const { code, stdout } = await release(scene, '--dry-run', '--json', '--asg', 'attach');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as { status: string; remaining: { command: string }[] };
    expect(answer.status).toBe('planned');
    const commands = answer.remaining.map((one) => one.command);
    expect(commands).toContainEqual(expect.stringContaining('attach-instances'));
    expect(await isIsolated(scene)).toBe(true);
  });

  it('ends with 3 where nobody confirms, and nothing is changed', async () => {
    const scene = await contained();
    const { code, stderr } = await release(scene, '--asg', 'leave');
    expect(code).toBe(3);
    expect(stderr).toContain('say --yes, or --dry-run to see the plan');
    expect(await isIsolated(scene)).toBe(true);
  });

  it('deletes afterwards, with --clean, the groups of Cordon that nothing uses', async () => {
    const scene = await contained();
    const { ec2 } = scene.clients;
    const groups = async () => {
      const { SecurityGroups = [] } = await ec2.send(
        new DescribeSecurityGroupsCommand({
          Filters: [{ Name: 'group-name', Values: ['cordon-*'] }],
        }),
      );
      return SecurityGroups.map(({ GroupName }) => GroupName).toSorted();
    };
    // Another host is still isolated by one of them.
    const [isolation] =
      (
        await ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: [{ Name: 'group-name', Values: ['cordon-isolation-full'] }],
          }),
        )
      ).SecurityGroups ?? [];
    const [other = ''] = await interfaceIdsOf(scene, scene.world.healthyId);
    const give = (Groups: string[]) =>
      ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: other, Groups }));
    await give([isolation?.GroupId ?? '']);
    expect((await release(scene, '--clean', '--only', 'network', '--yes')).code).toBe(2);
    const { code, stderr } = await release(scene, '--clean', '--yes');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^deleted: cordon-transition \(sg-/m);
    expect(stderr).toContain(`${other} has it`);
    expect(await groups()).toEqual(['cordon-isolation-full']);
    await give([scene.world.webGroupId]);
    // It can be contained again: the groups are made anew.
    expect((await scene.contain()).status).toBe('contained');
  });

  it('closes a case as it stands where a person says so and why, and gives nothing back', async () => {
    const scene = await contained();
    const tagOf = async (key: string) => {
      const { Reservations = [] } = await scene.clients.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [scene.world.suspectId] }),
      );
      return Reservations[0]?.Instances?.[0]?.Tags?.find(({ Key }) => Key === key)?.Value;
    };
    const without = await release(scene, '--close', '--yes');
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('--reason');
    expect((await release(scene, '--close', '--only', 'network', '--reason', 'x')).code).toBe(2);
    const rehearsed = await release(scene, '--close', '--reason', 'rebuilt', '--dry-run');
    expect(rehearsed.stdout).toMatch(/^PLANNED i-.*nothing would be given back\./);
    expect(await tagOf('cordon:status')).toBe('contained');

    const { code, stdout, stderr } = await release(
      scene,
      '--close',
      '--yes',
      '--reason',
      'rebuilt',
    );
    expect(code, stderr).toBe(0);
    expect(lines(stdout)[0]).toMatch(/^CLOSED i-.*nothing was given back\. By ada: rebuilt\.$/);
    expect(await tagOf('cordon:status')).toBe('closed');
    expect(await tagOf('cordon:step:release')).toMatch(/ closed ada rebuilt$/);
    expect(await isIsolated(scene)).toBe(true);
    // Nobody is told of a closed case again, and it can still be given back.
    expect((await scene.drift({ drift: 'check' })).checked).toMatchObject([{ drifted: [] }]);
    expect((await release(scene, '--yes', '--asg', 'attach')).code).toBe(0);
    expect(await isIsolated(scene)).toBe(false);
  });

  it('closes the case of an instance that is gone, of which nothing can be given back', async () => {
    const scene = await contained();
    const { ec2 } = scene.clients;
    const InstanceId = scene.world.suspectId;
    for (const attribute of ['DisableApiTermination', 'DisableApiStop']) {
      await ec2.send(
        new ModifyInstanceAttributeCommand({ InstanceId, [attribute]: { Value: false } }),
      );
    }
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    const { code, stdout, stderr } = await release(scene, '--yes', '--reason', 'rebuilt');
    expect(code, stderr).toBe(0);
    expect(lines(stdout)[0]).toMatch(/^CLOSED i-.*The instance is gone\. By ada: rebuilt\.$/);
    const { Reservations = [] } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [InstanceId] }),
    );
    expect(Reservations[0]?.Instances?.[0]?.Tags).toContainEqual({
      Key: 'cordon:status',
      Value: 'closed',
    });
  });

  it('ends with 3 for an instance of which no case is known', async () => {
    const { code, stderr } = await release(await scenes.open(), '--yes');
    expect(code).toBe(3);
    expect(stderr).toMatch(/No case of i-\w+ is known/);
  });

  it('ends with 4 and the commands that are left when AWS refuses to open it', async () => {
    const scene = await contained();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'ModifyNetworkInterfaceAttribute',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stdout } = await release(scene, '--yes');
    expect(code).toBe(4);
    expect(lines(stdout)[0]).toMatch(/^NOT FULLY RELEASED i-/);
    expect(stdout).toContain('aws ec2 modify-network-interface-attribute');
    expect(await isIsolated(scene)).toBe(true);
  });

  it('ends with 4 and one sentence when it may not even look', async () => {
    const scene = await contained();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'DescribeInstances',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stderr } = await release(scene, '--yes');
    expect(code).toBe(4);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^Nothing was given back: reading i-\w+ failed: UnauthorizedOperation/);
  });

  it.each([
    ['--only', 'everything'],
    ['--groups', 'web-7=sg-1'],
  ])('ends with 2 for %s %s, and begins nothing', async (option, value) => {
    const { code, stderr } = await release(await scenes.open(), option, value);
    expect(code).toBe(2);
    expect(stderr).toContain(option);
  });
});
