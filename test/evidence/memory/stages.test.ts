import { EBSClient, GetSnapshotBlockCommand, ListSnapshotBlocksCommand } from '@aws-sdk/client-ebs';
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeLockedSnapshotsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  LockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { readBlock } from '../../../src/aws/snapshot-blocks.ts';
import { advance } from '../../../src/evidence/memory/advance.ts';
import { blockBytes, hashOf } from '../../../src/evidence/memory/block.ts';
import { claimInWords, readClaim } from '../../../src/evidence/memory/claim.ts';
import { readiness } from '../../../src/evidence/memory/preconditions.ts';
import type { StageDeps, Work } from '../../../src/evidence/memory/work.ts';
import { awsError, denied, throttled } from '../../steps/aws-error.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import { aBefore, aCase } from '../../steps/sample-instance.ts';
import { origin, volumes } from './host-world.ts';

const input = { case: { ...aCase(), instanceId: origin.instanceId }, before: aBefore() };

const work = (change: Partial<Work>): Work => ({
  stage: 'detach',
  looks: 0,
  origin,
  zone: 'eu-central-1a',
  memoryMebibytes: 512,
  toolSha256: '',
  imageVolumeId: volumes.blank,
  toolsVolumeId: volumes.tools,
  ...change,
});

const scene = (settings = {}) => {
  const aws = fakeAws(settings);
  const handed: object[] = [];
  const store = { hand: async (entry: object) => void handed.push(entry) };
  const deps = { ...aws.deps, store, ways: {} } as unknown as StageDeps;
  const attached = (InstanceId = origin.instanceId, State = 'attached') =>
    aws.ec2.on(DescribeVolumesCommand).callsFake(({ VolumeIds: [VolumeId] }) => ({
      Volumes: [{ VolumeId, State: 'in-use', Attachments: [{ InstanceId, State }] }],
    }));
  return { aws, deps, handed, attached, step: (of: Work) => advance(deps, input, of) };
};

describe('a host that does not give a volume back', () => {
  it('is asked, and not forced, for ten minutes', async () => {
    const { aws, attached, step } = scene();
    attached();
    aws.ec2.on(DetachVolumeCommand).resolves({});
    await step(work({ looks: 59 }));
    expect(aws.ec2).toHaveReceivedCommandWith(DetachVolumeCommand, { VolumeId: volumes.blank });
    expect(
      aws.ec2.commandCalls(DetachVolumeCommand).some(({ args }) => args[0].input.Force === true),
    ).toBe(false);
  });

  it('loses it by force then, and the record will say when', async () => {
    const { aws, attached, step } = scene();
    attached(origin.instanceId, 'detaching');
    aws.ec2.on(DetachVolumeCommand).resolves({});
    const progress = await step(work({ looks: 60 }));
    expect(aws.ec2).toHaveReceivedCommandWith(DetachVolumeCommand, { Force: true });
    expect(progress).toMatchObject({ state: { forcedAt: '2026-03-01T03:07:00.000Z' } });
  });

  it('is told to a person in the end, with both volumes', async () => {
    const { attached, step } = scene();
    attached();
    expect(await step(work({ looks: 120, wrote: true }))).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(/detach them by hand.*There are: vol-\w+, vol-/),
    });
  });

  it('keeps a volume that somebody has attached elsewhere in the meantime', async () => {
    const { aws, attached, step } = scene();
    attached('i-00000000000000009');
    await step(work({ looks: 60 }));
    expect(aws.ec2).not.toHaveReceivedCommand(DetachVolumeCommand);
  });
});

describe('a stage that fails', () => {
  it('is repeated by the machine when AWS is busy', async () => {
    const { aws, step } = scene();
    aws.ec2.on(DescribeVolumesCommand).rejects(throttled());
    await expect(step(work({}))).rejects.toThrow();
  });

  it('takes the volumes off the instance when it fails for good', async () => {
    const { aws, step } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(denied());
    expect(await step(work({ stage: 'attach' }))).toMatchObject({
      outcome: 'waiting',
      state: { stage: 'detach', trouble: expect.stringContaining('Collecting memory failed') },
    });
  });

  it('is not begun for a state that is none', async () => {
    const { deps } = scene();
    for (const state of [undefined, null, {}, { stage: 'toString' }, { stage: 7 }]) {
      await expect(advance(deps, input, state)).rejects.toThrow('cannot be read');
    }
  });
});

describe('a command that no agent takes up', () => {
  it.each(['DeliveryTimedOut', 'Undeliverable'])(
    'leaves nothing to be kept: %s',
    async (status) => {
      const { deps } = scene();
      const ways = { look: async () => ({ ended: true, output: '', status }) };
      const of = work({ stage: 'follow-run', wrote: true });
      expect(await advance({ ...deps, ways } as unknown as StageDeps, input, of)).toMatchObject({
        sentence: expect.stringContaining('did not take the command up'),
        state: { stage: 'detach', wrote: false },
      });
    },
  );
});

describe('a host that always says that another run is at work', () => {
  it('is not asked for ever', async () => {
    const { deps } = scene();
    const output = '{"cordon":"memory","outcome":"refused","code":"busy","sentence":"busy"}';
    const ways = { look: async () => ({ ended: true, output, status: 'Failed' }) };
    const look = (sendings: number) =>
      advance(
        { ...deps, ways } as unknown as StageDeps,
        input,
        work({ stage: 'follow-run', sendings }),
      );
    expect(await look(47)).toMatchObject({ state: { stage: 'run' } });
    expect(await look(48)).toMatchObject({ state: { stage: 'detach', wrote: true } });
  });
});

describe('an instance that was given back before its memory was read', () => {
  it.each(['attach', 'run'] as const)(
    'gets nothing more onto it at the stage %s',
    async (stage) => {
      const { aws, step } = scene();
      aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
        NetworkInterfaces: [{ Groups: [{ GroupId: 'sg-1', GroupName: 'web' }] }],
      });
      expect(await step(work({ stage }))).toMatchObject({
        state: { stage: 'detach', trouble: expect.stringContaining('given back') },
      });
      expect(aws.ec2.commandCalls(AttachVolumeCommand)).toEqual([]);
    },
  );
});

describe('the snapshot of an image', () => {
  it('is locked as the stack locks snapshots, and who did it is written down', async () => {
    const { aws, handed, step } = scene({ snapshotLock: 'governance', snapshotLockDays: 30 });
    const LockExpiresOn = new Date('2026-04-01T00:00:00Z');
    aws.ec2.on(DescribeLockedSnapshotsCommand).resolves({ Snapshots: [] });
    aws.ec2.on(LockSnapshotCommand).resolves({ LockExpiresOn });
    const progress = await step(work({ stage: 'lock', snapshotId: 'snap-1' }));
    expect(aws.ec2).toHaveReceivedCommandWith(LockSnapshotCommand, {
      SnapshotId: 'snap-1',
      LockMode: 'governance',
      LockDuration: 30,
    });
    expect(handed).toMatchObject([{ what: 'locked', piece: 'snap-1' }]);
    expect(progress).toMatchObject({ state: { stage: 'hash' } });
  });
});

describe('the snapshot of an image', () => {
  it('that cannot be locked is hashed and judged all the same, and says so', async () => {
    const { aws, handed, step } = scene({ snapshotLock: 'governance', snapshotLockDays: 30 });
    aws.ec2.on(DescribeLockedSnapshotsCommand).resolves({ Snapshots: [] });
    aws.ec2.on(LockSnapshotCommand).rejects(denied());
    const progress = await step(work({ stage: 'lock', snapshotId: 'snap-1' }));
    expect(progress).toMatchObject({
      state: { stage: 'hash', unlocked: expect.stringContaining('UnauthorizedOperation') },
    });
    expect(handed).toEqual([]);
  });

  it('is never one that somebody took while the volume was still blank', async () => {
    const { aws, step } = scene();
    const imageVolumeId = 'vol-00000000000000009';
    const State = 'completed' as const;
    const early = { SnapshotId: 'snap-early', VolumeId: imageVolumeId, State };
    aws.ec2
      .on(DescribeSnapshotsCommand)
      .resolves({ Snapshots: [{ ...early, StartTime: new Date('2026-03-01T03:00:00Z') }] })
      .on(DescribeSnapshotsCommand, { SnapshotIds: ['snap-own'] })
      .resolves({ Snapshots: [{ ...early, SnapshotId: 'snap-own' }] });
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).resolves({ SnapshotId: 'snap-own' });
    const detachedAt = '2026-03-01T03:30:00.000Z';
    const progress = await step(work({ stage: 'snapshot', imageVolumeId, detachedAt }));
    expect(progress).toMatchObject({ state: { stage: 'lock', snapshotId: 'snap-own' } });
  });
});

describe('what a host says', () => {
  it('is one printable line, or nothing, whatever it prints', () => {
    const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('a\u001b[2J\nb'));
    const said = fc.record({ tool: words, source: words, kernel: words });
    fc.assert(
      fc.property(words, said, (noise, more) => {
        const line = JSON.stringify({ ...more, cordon: 'memory', outcome: 'done' });
        const claim = readClaim(`${noise}\n${line}\n`);
        if (claim !== undefined) expect(claimInWords(claim)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('counts only as the script says it', () => {
    expect(readClaim('')).toBeUndefined();
    expect(readClaim('{"outcome":"done"}')).toBeUndefined();
    expect(readClaim('{"cordon":"memory","outcome":"accepted"}')).toBeUndefined();
    expect(readClaim('{"cordon":"memory","outcome":"done","length":"-1"}')).toBeUndefined();
  });
});

describe('a block of a snapshot', () => {
  const ebs = new EBSClient({ region: 'eu-central-1', maxAttempts: 1 });
  const good = Buffer.alloc(blockBytes, 'a');
  const answer = (bytes: Buffer) => ({
    BlockData: { transformToByteArray: async () => bytes } as never,
    Checksum: hashOf(good).toString('base64'),
  });

  it('that came broken is read again', async () => {
    const stub = mockClient(ebs);
    stub
      .on(GetSnapshotBlockCommand)
      .resolvesOnce(answer(Buffer.alloc(blockBytes, 'b')))
      .resolvesOnce(answer(good.subarray(1)))
      .resolves(answer(good));
    expect((await readBlock(ebs, 'snap-1', 3, 'token')).equals(good)).toBe(true);
  });

  it('that comes broken each time is not believed', async () => {
    const stub = mockClient(ebs);
    stub.on(GetSnapshotBlockCommand).resolves(answer(Buffer.alloc(blockBytes)));
    await expect(readBlock(ebs, 'snap-1', 3, 'token')).rejects.toThrow('came broken');
  });

  it('whose token was taken back is listed again', async () => {
    const stub = mockClient(ebs);
    const outdated = Object.assign(awsError('ValidationException'), {
      Reason: 'INVALID_BLOCK_TOKEN',
    });
    stub.on(GetSnapshotBlockCommand, { BlockToken: 'old' }).rejects(outdated);
    stub.on(GetSnapshotBlockCommand, { BlockToken: 'new' }).resolves(answer(good));
    stub
      .on(ListSnapshotBlocksCommand)
      .resolves({ BlockSize: blockBytes, Blocks: [{ BlockIndex: 3, BlockToken: 'new' }] });
    expect((await readBlock(ebs, 'snap-1', 3, 'old')).equals(good)).toBe(true);
  });
});

describe('an instance whose memory cannot be collected', () => {
  const ready = async (instance: object, type: object = {}) => {
    const { aws, deps } = scene({
      toolkitSnapshotId: 'snap-0123456789abcdef0',
      isolationProfile: 'forensic',
    });
    const running = {
      InstanceId: origin.instanceId,
      InstanceType: 't3.micro',
      Architecture: 'x86_64',
      State: { Name: 'running' },
      ...instance,
    };
    aws.ec2
      .on(DescribeInstancesCommand)
      .resolves({ Reservations: [{ Instances: [running as never] }] });
    aws.ec2.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [{ InstanceType: 't3.micro', MemoryInfo: { SizeInMiB: 1_024 }, ...type }],
    });
    aws.ec2.on(DescribeSnapshotsCommand).resolves({ Snapshots: [{ State: 'completed' }] });
    return readiness(deps, async () => ({ online: true }), input);
  };

  it('can be, where everything fits', async () => {
    expect(await ready({})).toMatchObject({
      can: true,
      work: { memoryMebibytes: 1_024, origin: { volumeBytes: 4 * 1024 ** 3 } },
    });
  });

  it.each([
    ['arm64', { Architecture: 'arm64' }, {}, 'LiME'],
    ['Windows', { PlatformDetails: 'Windows' }, {}, 'WinPmem'],
    ['stopped', { State: { Name: 'stopped' } }, {}, 'does not run'],
    ['managed', { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }, {}, 'eks'],
    [
      'full',
      { BlockDeviceMappings: Array.from({ length: 26 }, () => ({})) },
      { EbsInfo: { MaximumEbsAttachments: 27, AttachmentLimitType: 'dedicated' } },
      'no room for two more volumes',
    ],
    [
      'hibernating',
      { Architecture: 'arm64', HibernationOptions: { Configured: true } },
      {},
      'hibernate',
    ],
  ])('says what to do instead: %s', async (_, instance, type, words) => {
    expect(await ready(instance, type)).toMatchObject({
      can: false,
      sentence: expect.stringContaining(words),
    });
  });
});
