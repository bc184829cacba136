import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { analyse, readAnalysisPlan } from '../../../src/evidence/analysis/analyse.ts';
import { clean, readCleaningPlan } from '../../../src/evidence/analysis/clean.ts';
import { analysed, analysisTags } from '../../../src/evidence/analysis/marks.ts';
import type { CustodyEntry } from '../../../src/record/evidence-store/custody.ts';
import { awsError } from '../../steps/aws-error.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import {
  anEntry,
  anExaminer,
  aSnapshot,
  aStore,
  copyId,
  examinerId,
  snapshotId,
  theCase,
} from './sample.ts';

const tags = Object.entries(analysisTags(theCase, aSnapshot(), examinerId)).map(([Key, Value]) => ({
  Key,
  Value,
}));

const volume = (State: 'creating' | 'available' | 'in-use' | 'error', attachment?: string) => ({
  VolumeId: copyId,
  State,
  SnapshotId: snapshotId,
  CreateTime: new Date('2026-03-02T09:00:05.000Z'),
  Size: 8,
  Encrypted: true,
  Tags: tags,
  Attachments:
    attachment === undefined
      ? []
      : [
          {
            InstanceId: examinerId,
            Device: '/dev/sdf',
            State: attachment as 'attached',
            DeleteOnTermination: false,
          },
        ],
});

const shown = (...one: Parameters<typeof volume>) => ({ Volumes: [volume(...one)] });

const gone = awsError('InvalidVolume.NotFound');

const scene = (custody: readonly CustodyEntry[] = []) => {
  const aws = fakeAws();
  const { store, entries } = aStore([], custody);
  const { clients, clock } = aws.deps;
  const bucket = { s3: {} as never, name: 'evidence' };
  return { ...aws, entries, deps: { ec2: clients.ec2, clock, store, bucket } };
};

const plan = {
  examiner: anExaminer(),
  volumes: [{ snapshot: aSnapshot(), device: '/dev/sdf' }],
  waiting: [],
};

const whats = (entries: readonly CustodyEntry[]) => entries.map(({ what, piece }) => [what, piece]);

describe('Analysing', () => {
  it('says first that a snapshot is read, and that it was analysed only when the copy is attached', async () => {
    const { ec2, deps, entries } = scene();
    ec2.on(CreateVolumeCommand).callsFake(async () => {
      expect(whats(entries)).toEqual([['read', snapshotId]]);
      return volume('creating');
    });
    ec2
      .on(DescribeVolumesCommand)
      .rejectsOnce(gone)
      .resolvesOnce(shown('creating'))
      .resolvesOnce(shown('creating'))
      .resolvesOnce(shown('available'))
      .resolvesOnce(shown('in-use', 'attaching'))
      .callsFake(async () => {
        expect(whats(entries)).toEqual([['read', snapshotId]]);
        return shown('in-use', 'attached');
      });
    ec2.on(AttachVolumeCommand).resolves({});
    const { volumes, open } = await analyse(deps, theCase, plan);
    expect(open).toEqual([]);
    expect(volumes).toMatchObject([{ volumeId: copyId, device: '/dev/sdf', outcome: 'done' }]);
    expect(whats(entries)).toEqual([
      ['read', snapshotId],
      ['analysed', snapshotId],
    ]);
    expect(ec2.commandCalls(CreateVolumeCommand)[0]?.args[0].input).toMatchObject({
      SnapshotId: snapshotId,
      AvailabilityZone: 'eu-central-1b',
      VolumeType: 'gp3',
    });
    expect(ec2.commandCalls(CreateVolumeCommand)[0]?.args[0].input).not.toHaveProperty('Encrypted');
  });

  it('records nothing as analysed that could not be attached, and names the copy that is left', async () => {
    const { ec2, deps, entries } = scene();
    ec2.on(CreateVolumeCommand).resolves(volume('available'));
    ec2.on(DescribeVolumesCommand).resolves(shown('available'));
    ec2.on(AttachVolumeCommand).rejects(awsError('AttachmentLimitExceeded'));
    const { volumes, open } = await analyse(deps, theCase, plan);
    expect(volumes).toEqual([]);
    expect(open).toEqual([
      expect.stringMatching(new RegExp(`Attaching ${copyId}.*AttachmentLimit`)),
    ]);
    expect(whats(entries)).toEqual([['read', snapshotId]]);
  });

  it('believes the volume and not the answer, where that was lost', async () => {
    const { ec2, deps } = scene();
    ec2.on(CreateVolumeCommand).resolves(volume('available'));
    ec2
      .on(DescribeVolumesCommand)
      .resolvesOnce(shown('available'))
      .resolvesOnce(shown('available'))
      .resolves(shown('in-use', 'attached'));
    ec2.on(AttachVolumeCommand).rejects(awsError('VolumeInUse'));
    expect((await analyse(deps, theCase, plan)).open).toEqual([]);
  });

  it('asks with another token where EC2 answers the first with a volume that was deleted', async () => {
    const { ec2, deps } = scene();
    const old = { ...volume('available'), VolumeId: 'vol-0000000000000dead' };
    ec2.on(CreateVolumeCommand).resolvesOnce(old).resolves(volume('available'));
    ec2.on(DescribeVolumesCommand, { VolumeIds: [old.VolumeId] }).rejects(gone);
    ec2
      .on(DescribeVolumesCommand, { VolumeIds: [copyId] })
      .resolvesOnce(shown('available'))
      .resolvesOnce(shown('available'))
      .resolves(shown('in-use', 'attached'));
    ec2.on(AttachVolumeCommand).resolves({});
    expect((await analyse(deps, theCase, plan)).volumes).toMatchObject([{ volumeId: copyId }]);
    const tokens = ec2
      .commandCalls(CreateVolumeCommand)
      .map(({ args }) => args[0].input.ClientToken);
    expect(new Set(tokens).size).toBe(2);
  });

  it('says that the key may be missing where EBS gives the volume up', async () => {
    const { ec2, deps } = scene();
    ec2.on(CreateVolumeCommand).resolves(volume('creating'));
    ec2
      .on(DescribeVolumesCommand)
      .resolvesOnce(shown('creating'))
      .resolvesOnce(shown('creating'))
      .rejects(gone);
    const { open } = await analyse(deps, theCase, plan);
    expect(open).toEqual([expect.stringMatching(/is gone: .* the key of the snapshot/)]);
    expect(ec2.commandCalls(AttachVolumeCommand)).toEqual([]);
  });

  it('begins nothing on an instance that is not in this account and Region', async () => {
    const { ec2, deps, entries } = scene();
    ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await expect(readAnalysisPlan(deps, theCase, examinerId, undefined)).rejects.toMatchObject({
      name: 'InstanceNotFoundError',
    });
    expect(ec2.commandCalls(DescribeSnapshotsCommand)).toEqual([]);
    expect(entries).toEqual([]);
  });
});

describe('Cleaning', () => {
  const custody = [anEntry(), anEntry(analysed(snapshotId, copyId, examinerId))];

  it('waits until the copy is detached, never by force, and says that it is gone when it is', async () => {
    const { ec2, deps, entries } = scene(custody);
    ec2
      .on(DescribeVolumesCommand)
      .resolvesOnce(shown('in-use', 'attached'))
      .resolvesOnce(shown('in-use', 'detaching'))
      .resolvesOnce(shown('available'))
      .resolvesOnce(shown('available'))
      .rejects(gone);
    ec2.on(DetachVolumeCommand).resolves({});
    ec2.on(DeleteVolumeCommand).resolves({});
    const cleaning = await readCleaningPlan(deps, theCase);
    expect(await clean(deps, theCase, cleaning, false)).toEqual({ deleted: [copyId], open: [] });
    expect(ec2.commandCalls(DetachVolumeCommand)[0]?.args[0].input).not.toHaveProperty('Force');
    expect(entries.at(-1)).toMatchObject({ what: 'cleaned', piece: snapshotId, detail: copyId });
  });

  it('gives up after five minutes while the copy is mounted, and deletes nothing', async () => {
    const { ec2, deps, entries } = scene(custody);
    ec2.on(DescribeVolumesCommand).resolves(shown('in-use', 'busy'));
    ec2.on(DetachVolumeCommand).resolves({});
    const cleaning = await readCleaningPlan(deps, theCase);
    const { deleted, open } = await clean(deps, theCase, cleaning, false);
    expect([deleted, open]).toEqual([[], [expect.stringMatching(/is busy after 5 .*unmount it/)]]);
    expect(ec2.commandCalls(DeleteVolumeCommand)).toEqual([]);
    expect(entries).toHaveLength(custody.length);
  });

  it('does not delete what somebody has attached elsewhere while it was detached', async () => {
    const { ec2, deps } = scene(custody);
    const [elsewhere] = [
      { ...volume('in-use'), Attachments: [{ InstanceId: 'i-0000000000000000e' }] },
    ];
    ec2
      .on(DescribeVolumesCommand)
      .resolvesOnce(shown('in-use', 'attached'))
      .resolvesOnce(shown('available'))
      .resolves({ Volumes: [elsewhere] });
    ec2.on(DetachVolumeCommand).resolves({});
    const { open } = await clean(deps, theCase, await readCleaningPlan(deps, theCase), false);
    expect(open).toEqual([expect.stringContaining('is attached to i-0000000000000000e')]);
    expect(ec2.commandCalls(DeleteVolumeCommand)).toEqual([]);
  });

  it('says later what a run was killed before saying', async () => {
    const { ec2, deps, entries } = scene(custody);
    ec2.on(DescribeVolumesCommand).resolvesOnce({ Volumes: [] }).rejects(gone);
    const nothing = await readCleaningPlan(deps, theCase);
    expect(await clean(deps, theCase, nothing, false)).toEqual({ deleted: [], open: [] });
    await clean(deps, theCase, nothing, false);
    expect(entries.filter(({ what }) => what === 'cleaned')).toMatchObject([
      { detail: `${copyId}, found gone` },
    ]);
  });
});
