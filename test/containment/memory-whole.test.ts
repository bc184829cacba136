import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSnapshotCommand, CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { setStage } from '../../emulator/deploy/stage.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import { buildSampleWorld } from '../../emulator/world/sample-world.ts';
import { worldClients } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { hostWorld, someMemory } from '../evidence/memory/host-world.ts';
import { containByEvent } from './account.ts';
import { collected, storeOf } from './evidence-scene.ts';

it('memory is collected from the finding to the manifest, by the deployed document', async () => {
  const emulator = await sharedEmulator();
  await emulator.reset();
  await emulator.timing({ snapshotSeconds: 0, drainingSeconds: 60 });
  const clients = worldClients(emulator);
  const world = await buildSampleWorld(emulator, clients, {});
  const AvailabilityZone = `${emulator.region}a`;
  const { VolumeId } = await clients.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone, Size: 1 }),
  );
  const { SnapshotId = '' } = await clients.ec2.send(new CreateSnapshotCommand({ VolumeId }));
  const log: string[] = [];
  const stage = await setStage(emulator, {
    credentials: {},
    parameters: {
      TransitionHoldSeconds: '0',
      ToolkitSnapshotId: SnapshotId,
      IsolationProfile: 'forensic',
      ForensicCidrs: '203.0.113.0/24',
    },
    onLog: (line: string) => log.push(line),
    hasty: true,
    keepLoaded: true,
    warm: false,
  });
  const account = { emulator, clients, world, stage, log };
  const exchange = async (volumeId: string, file: string, to: string, blocks = 0) => {
    const body = JSON.stringify({ volumeId, file, to, blocks });
    await fetch(`${emulator.endpoint}/moto-api/mends/volume-content`, { method: 'POST', body });
  };
  await emulator.hosts.manage(world.suspectId, {
    platform: 'Linux',
    run: async ({ parameters, scripts }) => {
      const p = (name: string) => parameters[name]?.[0] ?? '';
      const folder = mkdtempSync(join(tmpdir(), 'cordon-whole-'));
      const blank = join(folder, 'blank');
      await exchange(p('ImageVolumeId'), blank, 'file');
      const memory = someMemory(70 * 1024 ** 2);
      const host = hostWorld('files', {
        origin: {
          caseId: p('CaseId'),
          instanceId: p('InstanceId'),
          nonce: p('Nonce'),
          volumeBytes: Number(p('VolumeBytes')),
        },
        volumes: { blank: p('ImageVolumeId'), tools: p('ToolsVolumeId') },
        blank,
        memory,
      });
      host.attachBoth();
      const [script] = scripts;
      const text = script?.text.replace("CORDON_ROOT=''", `CORDON_ROOT='${host.at('')}'`) ?? '';
      const { stdout, status, stderr } = spawnSync('sh', ['-c', text], {
        encoding: 'utf8',
        env: {
          PATH: `${host.bin}:${process.env.PATH}`,
          STAND_IN_IMAGE: host.memory,
          STAND_IN_TOOLS: host.toolkit,
        },
      });
      await exchange(p('ImageVolumeId'), blank, 'volume', 142);
      host.end();
      rmSync(folder, { recursive: true });
      return [{ step: script?.step ?? '', exitCode: status ?? 1, stdout, stderr }];
    },
  });
  const report = (await containByEvent(account)).output as CaseReport;
  await collected(account, report);
  const store = storeOf(account, report);
  const pieces = await store.pieces();
  expect(pieces.find(({ collector }) => collector === 'memory')).toMatchObject({
    verdict: 'accepted',
  });
  await stage.stop();
});
