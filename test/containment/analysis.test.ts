import type { Volume } from '@aws-sdk/client-ec2';
import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { collected, storeOf } from './evidence-scene.ts';

/** Copies of the volumes of a contained instance: made, looked at, taken back; never the original. */

const accounts = useAccount({ evidence: true });
const command = useCommand();

const start = ({ emulator }: Account, ...args: readonly string[]) =>
  command.start(emulator, ['evidence', ...args, '--region', emulator.region], { USER: 'sam' });

const cordon = (account: Account, ...args: readonly string[]) => start(account, ...args).ended;

/** A contained case with its evidence, in an account with an instance beside it. */
const open = async () => {
  const account = await accounts.open();
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  await collected(account, report);
  const examiner = account.world.healthyId;
  const analyse = (...more: readonly string[]) =>
    cordon(account, 'analyse', report.caseId, '--instance', examiner, ...more);
  const clean = (...more: readonly string[]) => cordon(account, 'clean', report.caseId, ...more);
  return { account, report, examiner, analyse, clean };
};

const volumes = async ({ clients }: Account): Promise<readonly Volume[]> =>
  (await clients.ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];

const tagOf = ({ Tags = [] }: Volume, key: string) => Tags.find(({ Key }) => Key === key)?.Value;

const copiesIn = async (account: Account): Promise<readonly Volume[]> =>
  (await volumes(account)).filter((one) => tagOf(one, 'cordon:role') === 'analysis');

/** What the contained instance has, and how. */
const originalsOf = async (account: Account) =>
  (await volumes(account)).filter(({ Attachments = [] }) =>
    Attachments.some(({ InstanceId }) => InstanceId === account.world.suspectId),
  );

const custodyOf = async (account: Account, report: CaseReport) =>
  (await storeOf(account, report).custody()).map(({ what, by, detail }) => [what, by, detail]);

describe('Analysing a copy', () => {
  it('attaches new volumes of the snapshots, says how to look at them, and takes them back', async () => {
    const { account, report, examiner, analyse, clean } = await open();
    const originals = await originalsOf(account);
    expect(originals.length).toBeGreaterThan(1);
    const made = await analyse();
    expect(made).toMatchObject({ code: 0 });
    const copies = await copiesIn(account);
    expect(copies).toHaveLength(originals.length);
    for (const copy of copies) {
      const original = originals.find((one) => one.VolumeId === tagOf(copy, 'cordon:volume'));
      expect(copy).toMatchObject({
        State: 'in-use',
        VolumeType: 'gp3',
        Size: original?.Size,
        SnapshotId: tagOf(copy, 'cordon:snapshot'),
        Attachments: [{ InstanceId: examiner, DeleteOnTermination: false }],
      });
      expect(made.stdout).toContain(copy.VolumeId?.replace('-', ''));
    }
    expect(made.stdout).toMatch(/mount -t ext4 -o ro,noload|-IsReadOnly \$true/);
    expect(await custodyOf(account, report)).toContainEqual([
      'analysed',
      'sam',
      `${copies[0]?.VolumeId} at ${examiner}`,
    ]);
    const before = account.emulator.traffic.calls.length;
    const again = await analyse('--json');
    expect(again).toMatchObject({ code: 0 });
    expect(JSON.parse(again.stdout).volumes).toHaveLength(originals.length);
    expect(JSON.parse(again.stdout).volumes[0]).toMatchObject({ outcome: 'already' });
    expect(await copiesIn(account)).toEqual(copies);
    expect(account.emulator.traffic.calls.slice(before).map(({ action }) => action)).not.toContain(
      'CreateVolume',
    );
    expect(await clean()).toMatchObject({ code: 3 });
    expect(await copiesIn(account)).toEqual(copies);
    const cleaned = await clean('--yes');
    expect(cleaned).toMatchObject({ code: 0 });
    expect(cleaned.stdout).toContain(`CLEAN: ${copies.length} volumes of ${report.caseId}`);
    expect(await copiesIn(account)).toEqual([]);
    expect(await clean('--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing'),
    });
    expect(await originalsOf(account)).toEqual(originals);
    // A case can be analysed again, although EC2 answers an old client token with what was deleted.
    expect(await analyse()).toMatchObject({ code: 0 });
    expect(await copiesIn(account)).toHaveLength(originals.length);
  });

  it('goes on with what a killed run has made, and makes nothing twice', async () => {
    const { account, report, analyse, clean, examiner } = await open();
    const { traffic } = account.emulator;
    const [original] = await originalsOf(account);
    const args = ['--instance', examiner, '--volume', original?.VolumeId ?? ''];
    const running = start(account, 'analyse', report.caseId, ...args);
    traffic.inject({
      service: 'ec2',
      action: 'AttachVolume',
      kind: 'connection-reset',
      times: Number.POSITIVE_INFINITY,
      matches: () => running.child.kill('SIGKILL'),
    });
    expect((await running.ended).code).toBeNull();
    traffic.clearFaults();
    const [left, ...others] = await copiesIn(account);
    expect([left?.State, others]).toEqual(['available', []]);
    expect(await analyse('--volume', original?.VolumeId ?? '')).toMatchObject({ code: 0 });
    expect(await copiesIn(account)).toMatchObject([{ VolumeId: left?.VolumeId, State: 'in-use' }]);
    const cleaning = start(account, 'clean', report.caseId, '--yes');
    traffic.inject({
      service: 'ec2',
      action: 'DeleteVolume',
      kind: 'connection-reset',
      times: Number.POSITIVE_INFINITY,
      matches: () => cleaning.child.kill('SIGKILL'),
    });
    await cleaning.ended;
    traffic.clearFaults();
    expect(await copiesIn(account)).toMatchObject([{ State: 'available' }]);
    expect(await clean('--yes')).toMatchObject({ code: 0 });
    expect(await copiesIn(account)).toEqual([]);
  });

  it('is refused on the contained instance, and waits for snapshots that are not completed', async () => {
    const { account, report, analyse } = await open();
    const { suspectId } = account.world;
    const onItself = await cordon(account, 'analyse', report.caseId, '--instance', suspectId);
    expect(onItself).toMatchObject({ code: 3 });
    expect(onItself.stderr).toContain('is the contained instance itself');
    await account.emulator.timing({ snapshotSeconds: 3_600 });
    const early = await analyse();
    expect(early).toMatchObject({ code: 3 });
    expect(early.stdout).toContain('ask again when it is completed');
    await account.emulator.timing({ snapshotSeconds: 0 });
    const planned = await analyse('--dry-run');
    expect(planned).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^PLANNED: \d volumes at i-/),
    });
    expect(await copiesIn(account)).toEqual([]);
  });

  // threat E10
  it('believes no snapshot and deletes no volume because of its tags', async () => {
    const { account, report, examiner, analyse, clean } = await open();
    const { ec2 } = account.clients;
    const { caseId } = report;
    const tags = (more: Record<string, string>) =>
      Object.entries({ 'cordon:case': caseId, 'cordon:instance': report.instanceId, ...more }).map(
        ([Key, Value]) => ({ Key, Value }),
      );
    const { Reservations } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [examiner] }),
    );
    const AvailabilityZone = Reservations?.[0]?.Instances?.[0]?.Placement?.AvailabilityZone;
    const { VolumeId: production = '' } = await ec2.send(
      new CreateVolumeCommand({ AvailabilityZone, Size: 8 }),
    );
    const { SnapshotId: planted } = await ec2.send(
      new CreateSnapshotCommand({
        VolumeId: production,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: tags({}) }],
      }),
    );
    expect(await analyse()).toMatchObject({ code: 0 });
    const copies = await copiesIn(account);
    expect(copies.map(({ SnapshotId }) => SnapshotId)).not.toContain(planted);
    const originals = await originalsOf(account);
    const [SnapshotId = ''] = copies.map((one) => one.SnapshotId);
    const marks = {
      'cordon:role': 'analysis',
      'cordon:snapshot': SnapshotId,
      'cordon:analysis': examiner,
    };
    const marked = [production, ...originals.flatMap((one) => one.VolumeId ?? [])];
    await ec2.send(new CreateTagsCommand({ Resources: marked, Tags: tags(marks) }));
    const planned = await clean('--dry-run', '--json');
    const { take, keep } = JSON.parse(planned.stdout) as { take: unknown[]; keep: string[] };
    expect(take).toHaveLength(copies.length);
    expect(keep.map((one) => one.split(' stays')[0]).toSorted()).toEqual(marked.toSorted());
    const cleaned = await clean('--yes');
    expect(cleaned).toMatchObject({ code: 3 });
    for (const id of marked) expect(cleaned.stdout).toContain(`${id} stays`);
    const left = (await volumes(account)).map(({ VolumeId }) => VolumeId);
    expect(left).toEqual(expect.arrayContaining(marked));
    for (const { VolumeId } of copies) expect(left).not.toContain(VolumeId);
  });
});
