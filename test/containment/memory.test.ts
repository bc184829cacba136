import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EBSClient } from '@aws-sdk/client-ebs';
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { useEmulator } from '../../emulator/test/fixture.ts';
import { createGroup, createNetwork, describeInstance, launch } from '../../emulator/test/world.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { ManagedAgent } from '../../src/aws/managed-agent.ts';
import type { EvidenceDeps, Progress } from '../../src/evidence/collector.ts';
import type { EvidenceInput } from '../../src/evidence/kind.ts';
import { memoryCollector } from '../../src/evidence/memory/collector.ts';
import { memoryKindWith } from '../../src/evidence/memory/kind.ts';
import { answerHash, parseHashEvent } from '../../src/evidence/memory/read-segment.ts';
import type { Run, Ways } from '../../src/evidence/memory/ways.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { hostWorld, someMemory } from '../evidence/memory/host-world.ts';
import { defaultSettings } from '../steps/fake-aws.ts';
import { FakeClock } from '../steps/fake-clock.ts';
import { RecordedLog } from '../steps/recorded-log.ts';
import { aBefore, aCase } from '../steps/sample-instance.ts';

/** The image of a host's memory, from two volumes to the judgement; the script runs for real. */

const aws = useEmulator();
const mebibyte = 1024 ** 2;

interface Scene {
  readonly deps: EvidenceDeps;
  readonly input: EvidenceInput;
  readonly ways: Ways;
  readonly host: Host;
  readonly collect: (repeating?: boolean) => Promise<Progress>;
}

/** The host as it stands behind Systems Manager. */
interface Host {
  memory: Buffer;
  agent: ManagedAgent | undefined;
  commands: number;
  /** What it prints instead of running the script. */
  lie: string | undefined;
  environment: Readonly<Record<string, string>>;
}

const exchange = async (volumeId: string, file: string, to: 'file' | 'volume', blocks = 0) => {
  const body = JSON.stringify({ volumeId, file, to, blocks });
  const url = `${aws.emulator.endpoint}/moto-api/mends/volume-content`;
  const { status } = await fetch(url, { method: 'POST', body });
  if (status !== 200) throw new Error(`The emulator answered ${status} for ${volumeId}`);
};

/** Runs the script on the content of the volume, as the agent of the host would. */
const runScript = async (host: Host, parameters: Readonly<Record<string, string>>) => {
  if (host.lie !== undefined) return host.lie;
  const folder = mkdtempSync(join(tmpdir(), 'cordon-volume-'));
  const blank = join(folder, 'blank');
  await exchange(parameters.ImageVolumeId ?? '', blank, 'file');
  const world = hostWorld('files', {
    origin: {
      caseId: parameters.CaseId ?? '',
      instanceId: parameters.InstanceId ?? '',
      nonce: parameters.Nonce ?? '',
      volumeBytes: Number(parameters.VolumeBytes),
    },
    volumes: { blank: parameters.ImageVolumeId ?? '', tools: parameters.ToolsVolumeId ?? '' },
    blank,
    memory: host.memory,
  });
  try {
    world.attachBoth();
    const said = JSON.stringify(
      world.run({ CORDON_TOOL_SHA256: parameters.ToolSha256 ?? '', ...host.environment }),
    );
    const blocks = Math.ceil(host.memory.length / 524_288) + 2;
    await exchange(parameters.ImageVolumeId ?? '', blank, 'volume', blocks);
    return said;
  } finally {
    world.end();
    rmSync(folder, { recursive: true });
  }
};

/** The machine that reads blocks, in this process. */
const hashMachine = (ebs: EBSClient, bucket: { s3: S3Client; name: string }): SFNClient => {
  const client = new SFNClient(clientConfiguration(aws.emulator));
  const outputs = new Map<string, object>();
  const stub = mockClient(client);
  stub.on(StartExecutionCommand).callsFake(async ({ name, input }) => {
    if (outputs.has(name)) throw Object.assign(new Error(), { name: 'ExecutionAlreadyExists' });
    const { segments, ...about } = JSON.parse(input);
    const { image, ...rest } = about;
    for (const segment of segments) {
      const read = parseHashEvent({ verb: 'read', segment, image, ...rest });
      await answerHash({ ebs, bucket }, read);
    }
    const combine = parseHashEvent({ verb: 'combine', segments, ...rest });
    outputs.set(name, await answerHash({ ebs, bucket }, combine));
    return {};
  });
  stub.on(DescribeExecutionCommand).callsFake(({ executionArn }) => ({
    status: 'SUCCEEDED',
    output: JSON.stringify(outputs.get(executionArn.split(':').at(-1))),
  }));
  return client;
};

const makeToolkit = async (): Promise<string> => {
  const AvailabilityZone = `${aws.emulator.region}a`;
  const { VolumeId } = await aws.ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 1 }));
  const { SnapshotId = '' } = await aws.ec2.send(new CreateSnapshotCommand({ VolumeId }));
  return SnapshotId;
};

const openScene = async (instanceType: 't2.nano' | 't4g.nano' = 't2.nano'): Promise<Scene> => {
  await aws.emulator.timing({ snapshotSeconds: 0 });
  const configuration = clientConfiguration(aws.emulator);
  const { subnetId, vpcId } = await createNetwork(aws.ec2);
  const isolation = await createGroup(aws.ec2, vpcId, 'cordon-isolation-forensic');
  const { InstanceId } = await launch(aws.ec2, {
    SubnetId: subnetId,
    SecurityGroupIds: [isolation],
    InstanceType: instanceType,
    ImageId: 'ami-12c6146b',
  });
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'evidence' }));
  const versioning = { Status: 'Enabled' as const };
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'evidence', VersioningConfiguration: versioning }),
  );
  const bucket = { s3, name: 'evidence' };
  const clock = new FakeClock();
  const theCase = { ...aCase(), instanceId: InstanceId, caseId: `20260301T0307Z-${InstanceId}` };
  const store = openStore({ bucket, clock, by: 'a test' }, theCase);
  const settings: Settings = {
    ...defaultSettings,
    isolationProfile: 'forensic',
    toolkitSnapshotId: await makeToolkit(),
  };
  const deps = {
    clients: { ec2: aws.ec2, ec2SingleAttempt: aws.ec2 },
    clock,
    log: new RecordedLog(),
    settings,
    store,
  };
  const ebs = new EBSClient(configuration);
  const host: Host = {
    memory: someMemory(70 * mebibyte),
    agent: { online: true, platform: 'Linux' },
    commands: 0,
    lie: undefined,
    environment: {},
  };
  const runs = new Map<string, Run>();
  const ways: Ways = {
    ebs,
    stepFunctions: hashMachine(ebs, bucket),
    hashMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:Hash',
    keyArn: '',
    readAgent: async () => host.agent,
    send: async (_, parameters) => {
      host.commands += 1;
      const output = await runScript(host, parameters);
      runs.set(`command-${host.commands}`, { ended: true, output, status: 'Success' });
      return `command-${host.commands}`;
    },
    look: async (_, commandId) => runs.get(commandId) ?? { ended: false },
  };
  const collector = memoryCollector(() => ways);
  const input = { case: theCase, before: aBefore() };
  const collect = async (repeating = false): Promise<Progress> => {
    let progress = await collector.collect(deps, input);
    while (progress.outcome === 'waiting') {
      // The state machine carries it as JSON of at most 8 KB.
      const text = JSON.stringify(progress.state);
      expect(text.length).toBeLessThan(8_192);
      await clock.sleep(progress.waitSeconds * 1_000);
      const follow = () => collector.follow?.(deps, input, JSON.parse(text));
      // The function did its work, and its answer was lost: the machine calls it again.
      if (repeating) await follow();
      progress = (await follow()) ?? { outcome: 'failed', sentence: 'it follows nothing' };
    }
    return progress;
  };
  return { deps, input, ways, host, collect };
};

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});

const imageSnapshots = async () => {
  const Filters = [{ Name: 'tag:cordon:memory', Values: ['image *'] }];
  return (await aws.ec2.send(new DescribeSnapshotsCommand({ Filters }))).Snapshots ?? [];
};

/** What was made for the image and is no evidence. */
const leftOver = async () => {
  const Filters = [{ Name: 'tag:cordon:memory', Values: ['*'] }];
  const { Volumes = [] } = await aws.ec2.send(new DescribeVolumesCommand({ Filters }));
  return Volumes.map(({ VolumeId }) => VolumeId);
};

describe('The memory of a contained host', () => {
  it('lies in a snapshot with its hash, accepted by its content; the volumes are gone', async () => {
    const progress = await scene.collect();
    expect(progress).toMatchObject({
      outcome: 'done',
      sentence: expect.stringContaining('a Linux kernel names itself in it'),
    });
    const [snapshot] = await imageSnapshots();
    expect(await scene.deps.store.pieces()).toMatchObject([
      {
        collector: 'memory',
        resource: snapshot?.SnapshotId,
        verdict: 'accepted',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        method: expect.stringContaining('512 KiB block'),
        claimed: expect.stringContaining(`${70 * mebibyte} bytes`),
        bytes: 3 * 1024 ** 3,
      },
    ]);
    expect(await leftOver()).toEqual([]);
  });

  it('is the same one image when every call is made twice', async () => {
    const progress = await scene.collect(true);
    expect(progress, progress.sentence).toMatchObject({ outcome: 'done' });
    expect(await imageSnapshots()).toHaveLength(1);
    expect(await scene.deps.store.pieces()).toHaveLength(1);
    expect(await leftOver()).toEqual([]);
  });

  // threat A13
  it('is kept and said to be rejected when it is zeros', async () => {
    scene.host.memory = Buffer.alloc(70 * mebibyte);
    scene.host.memory.write('Linux version 6.1.112 (somebody)', 5_000, 'latin1');
    expect(await scene.collect()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(/is kept, but rejected: 99\.3 % of its blocks are zeros/),
    });
    expect(await imageSnapshots()).toHaveLength(1);
    expect(await scene.deps.store.pieces()).toMatchObject([{ verdict: 'rejected' }]);
  });

  it('is kept and said to be rejected when the tool did not end', async () => {
    scene.host.environment = { STAND_IN_STATUS: '1' };
    expect(await scene.collect()).toMatchObject({ outcome: 'failed' });
    expect(await scene.deps.store.pieces()).toMatchObject([
      { verdict: 'rejected', note: expect.stringContaining('interrupted') },
    ]);
  });

  // A compromised host says what it likes.
  it('is not accepted because the host says so', async () => {
    const hash = 'ab'.repeat(32);
    scene.host.lie = `{"cordon":"memory","outcome":"done","length":"999","image-sha256":"${hash}"}`;
    expect(await scene.collect()).toMatchObject({ outcome: 'failed' });
    expect(await scene.deps.store.pieces()).toMatchObject([{ verdict: 'rejected' }]);
  });

  it('is none where the kernel is locked down, and nothing is left', async () => {
    scene.host.lie =
      '{"cordon":"memory","outcome":"refused","code":"lockdown","sentence":"The kernel is \\u001b[2J locked."}';
    expect(await scene.collect()).toMatchObject({
      outcome: 'failed',
      sentence: 'The host refused before it wrote anything: "The kernel is [2J locked."',
    });
    expect(await imageSnapshots()).toEqual([]);
    expect(await leftOver()).toEqual([]);
  });
});

describe('Where memory cannot be collected, the case says so at once', () => {
  it('because the agent does not answer, and a dry run says the same before', async () => {
    scene.host.agent = { online: false };
    const { input, deps, ways } = scene;
    const foreseen = await memoryKindWith(ways.readAgent).foresee(deps, input);
    expect(foreseen).toMatchObject({
      can: false,
      sentence: expect.stringContaining('does not answer'),
    });
    expect(await scene.collect()).toEqual({
      outcome: 'not-applicable',
      sentence: foreseen.sentence,
    });
    expect(await leftOver()).toEqual([]);
  });

  it('because it is isolated so that nothing of it reaches Systems Manager', async () => {
    const { input, deps, ways } = scene;
    const full = { ...deps, settings: { ...deps.settings, isolationProfile: 'full' as const } };
    expect(await memoryCollector(() => ways).collect(full, input)).toMatchObject({
      outcome: 'not-applicable',
      sentence: expect.stringContaining('does not reach Systems Manager'),
    });
  });

  it('because Systems Manager does not know the instance', async () => {
    scene.host.agent = undefined;
    expect(await scene.collect()).toMatchObject({
      outcome: 'not-applicable',
      sentence: expect.stringContaining('endpoints of Systems Manager'),
    });
  });

  it('because the snapshot of the tools is gone', async () => {
    const settings = { ...scene.deps.settings, toolkitSnapshotId: 'snap-00000000000000000' };
    const { input, deps, ways } = scene;
    expect(await memoryCollector(() => ways).collect({ ...deps, settings }, input)).toMatchObject({
      outcome: 'not-applicable',
      sentence: expect.stringContaining('ToolkitSnapshotId'),
    });
  });
});

describe('A volume of the case', () => {
  it('that somebody has attached elsewhere is not taken from there', async () => {
    const { SubnetId } = await describeInstance(aws.ec2, scene.input.case.instanceId);
    const other = await launch(aws.ec2, { SubnetId, ImageId: 'ami-12c6146b' });
    const collector = memoryCollector(() => scene.ways);
    let progress = await collector.collect(scene.deps, scene.input);
    while (progress.outcome === 'waiting' && !('toolsVolumeId' in progress.state)) {
      progress = (await collector.follow?.(scene.deps, scene.input, progress.state)) ?? progress;
    }
    const state = 'state' in progress ? (progress.state as { imageVolumeId: string }) : undefined;
    const VolumeId = state?.imageVolumeId;
    const there = { VolumeId, InstanceId: other.InstanceId, Device: '/dev/sdx' };
    await aws.ec2.send(new AttachVolumeCommand(there));
    while (progress.outcome === 'waiting' && scene.deps.clock.now().getTime() < 2e12) {
      if ((progress.state as { stage: string }).stage === 'detach') break;
      progress = (await collector.follow?.(scene.deps, scene.input, progress.state)) ?? progress;
    }
    expect(progress.sentence).toContain(`Somebody has attached ${VolumeId}`);
    expect(scene.host.commands).toBe(0);
    const { Volumes } = await aws.ec2.send(
      new DescribeVolumesCommand({ VolumeIds: [VolumeId ?? ''] }),
    );
    expect(Volumes?.[0]?.Attachments?.[0]?.InstanceId).toBe(other.InstanceId);
  });
});
