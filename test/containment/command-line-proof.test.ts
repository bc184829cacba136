import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { inProject } from '../../emulator/project.ts';
import { unfolded } from '../cli/unfolded.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';

const scenes = useScene();
beforeAll(ensureBuilt);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-proof-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const cordon = (
  { emulator }: Scene,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [inProject('dist/cordon.mjs'), ...args],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, ...emulator.environment, ...environment },
      },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : 0,
          stdout: unfolded(stdout),
          stderr: unfolded(stderr),
        }),
    );
  });

describe('cordon verify', () => {
  it('ends with 0 for a contained instance, by its id and by the id of its case', async () => {
    const scene = await scenes.open();
    const { caseId } = await scene.contain();
    const ended = await cordon(scene, ['verify', scene.world.suspectId, '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      caseId,
      status: 'contained',
      cut: 'complete',
      proof: expect.arrayContaining([
        expect.objectContaining({ control: 'eni-groups', holds: true }),
      ]),
    });
    const byCase = await cordon(scene, ['verify', caseId]);
    expect(byCase.code).toBe(0);
    expect(byCase.stdout).toMatch(/^ISOLATED i-\w+: every required control holds/);
    expect(byCase.stdout).toContain('nothing in, nothing out');
  });

  it('changes nothing', async () => {
    const scene = await scenes.open();
    await scene.contain();
    scene.emulator.traffic.clear();
    await cordon(scene, ['verify', scene.world.suspectId]);
    const { calls } = scene.emulator.traffic;
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter(({ action }) => !/^(?:Describe|Get)/.test(action))).toEqual([]);
  });

  // fault S10
  it('ends with 4, says NOT ISOLATED first, and names the control, when an interface was moved out', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const { NetworkInterfaces = [] } = await scene.clients.ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'attachment.instance-id', Values: [scene.world.suspectId] }],
      }),
    );
    await scene.clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: NetworkInterfaces[0]?.NetworkInterfaceId,
        Groups: [scene.world.webGroupId],
      }),
    );
    const ended = await cordon(scene, ['verify', scene.world.suspectId]);
    expect(ended.code).toBe(4);
    expect(ended.stdout).toMatch(/^NOT ISOLATED /);
    expect(ended.stdout).toContain('DOES NOT HOLD: eni-groups');
  });

  it.each([
    ['what is no id', ['verify', 'web-server'], 2],
    ['a case that the trail does not name', ['verify', 'CASE'], 2],
    ['an instance that does not exist', ['verify', 'i-0123456789abcdef0'], 2],
  ])('refuses %s in one sentence', async (_, args, code) => {
    const scene = await scenes.open();
    const other = `20260101T0000Z-${scene.world.healthyId}`;
    const ended = await cordon(
      scene,
      args.map((one) => (one === 'CASE' ? other : one)),
    );
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('without credentials', () => {
  // fault S5
  it.each([['verify', 'i-0123456789abcdef0'], ['prepare'], ['contain', 'i-0123456789abcdef0']])(
    '%s says so in one sentence',
    async (...args) => {
      const scene = await scenes.open();
      const without = {
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_EC2_METADATA_DISABLED: 'true',
      };
      const ended = await cordon(scene, args, without);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(
        /^No AWS credentials were found, and nothing was begun: .*Could not load credentials/,
      );
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      expect(ended.stderr).not.toContain('    at ');
    },
  );
});

describe('cordon prepare', () => {
  const groupsOf = async ({ clients, world }: Scene) => {
    const { SecurityGroups = [] } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [
          { Name: 'vpc-id', Values: [world.vpcId] },
          { Name: 'group-name', Values: ['cordon-*'] },
        ],
      }),
    );
    return SecurityGroups.map(
      ({ GroupName, IpPermissions = [], IpPermissionsEgress = [] }) =>
        `${GroupName} ${IpPermissions.length} ${IpPermissionsEgress.length}`,
    ).toSorted();
  };

  it('makes the groups of every VPC, so that no incident pays for it', async () => {
    const scene = await scenes.open();
    const ended = await cordon(scene, ['prepare', '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { vpcs } = JSON.parse(ended.stdout) as { vpcs: { vpcId: string }[] };
    expect(vpcs.map(({ vpcId }) => vpcId)).toContain(scene.world.vpcId);
    expect(await groupsOf(scene)).toEqual(['cordon-isolation-full 0 0', 'cordon-transition 1 1']);
    scene.emulator.traffic.clear();
    expect((await scene.contain()).status).toBe('contained');
    const made = scene.emulator.traffic.calls.filter(({ action }) =>
      action.includes('SecurityGroup'),
    );
    expect(made.every(({ action }) => action === 'DescribeSecurityGroups')).toBe(true);
  });

  it('makes those of the forensic profile too, and changes nothing the second time', async () => {
    const scene = await scenes.open();
    const forensic = { ISOLATION_PROFILE: 'forensic', FORENSIC_CIDRS: '203.0.113.0/24' };
    await cordon(scene, ['prepare'], forensic);
    const groups = await groupsOf(scene);
    expect(groups).toContain('cordon-isolation-forensic 2 0');
    scene.emulator.traffic.clear();
    const again = await cordon(scene, ['prepare'], forensic);
    expect(again.stdout).toContain(scene.world.vpcId);
    const { calls } = scene.emulator.traffic;
    expect(calls.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
    expect(await groupsOf(scene)).toEqual(groups);
  });
});

describe('cordon contain --isolation', () => {
  // fault S11
  it('isolates under the profile that was asked for, whatever the setting', async () => {
    const scene = await scenes.open();
    const ended = await cordon(
      scene,
      ['contain', scene.world.suspectId, '--isolation', 'egress-lockdown', '--json'],
      { TRANSITION_HOLD_SECONDS: '0' },
    );
    // Old connections live under this profile.
    expect(ended.code).toBe(5);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      cases: [{ status: 'partial', cut: 'new-flows-only' }],
    });
  });
});
