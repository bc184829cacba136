import { CreateTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { recordKey } from '../../src/record/evidence-store/keys.ts';
import type { Retelling } from '../../src/retelling/retelling.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { bucketOf } from './evidence-scene.ts';
import { forgeHead, goOnWithRecords, openInterface } from './trail-scene.ts';

const accounts = useAccount();
const command = useCommand();

const run = ({ emulator, world }: Account, name: string, ...args: string[]) =>
  command.start(emulator, [name, world.suspectId, '--region', emulator.region, ...args], {
    USER: 'ada',
  }).ended;

const tagsOf = async ({ clients, world }: Account) => {
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [world.suspectId] }] }),
  );
  return Tags.flatMap(({ Key = '', Value = '' }) =>
    Key.startsWith('cordon:') ? [{ Key, Value }] : [],
  );
};

const write = ({ clients, world }: Account, Tags: { Key: string; Value: string }[]) =>
  clients.ec2.send(new CreateTagsCommand({ Resources: [world.suspectId], Tags }));

const retold = async (
  account: Account,
  ...args: string[]
): Promise<Retelling & { code: number }> => {
  const { stdout, code, stderr } = await run(account, 'trail', '--json', ...args);
  expect(stderr).toBe('');
  return { ...JSON.parse(stdout), code };
};

const reportOf = async (account: Account): Promise<CaseReport> => {
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  return report;
};

/** A second finding about the suspect, and the run of the case that it begins. */
const secondFinding = async ({ clients, stage, world }: Account): Promise<CaseReport> => {
  const event = sampleEvent('guardduty-crypto-mining', world.suspectId, new Date());
  const { payload } = (await stage.invoke('IntakeFunction', event)) as {
    payload: { executions: { executionArn: string }[] };
  };
  const arn = payload.executions[0]?.executionArn ?? '';
  const report = (await followExecution(clients, arn)).output as CaseReport;
  expect(report.status).toBe('contained');
  return report;
};

/** A case with a finding, a cut, a drift, a second finding and a release. */
const wholeCase = async () => {
  const account = await accounts.open({ parameters: { OnDrift: 'enforce' } });
  const report = await reportOf(account);
  await openInterface(account);
  expect(await account.stage.invoke('DriftFunction', { drift: 'check' })).toMatchObject({
    payload: { checked: [{ told: ['isolated-again'] }] },
  });
  await secondFinding(account);
  const { code, stderr } = await run(account, 'release', '--yes', '--reason', 'rebuilt');
  expect(code, stderr).toBe(0);
  await goOnWithRecords(account);
  return { account, report };
};

const told = ['finding', 'step', 'cut', 'drift', 'release'];

describe('A case, months later', () => {
  it('is retold from tags alone, from the record alone, and from both', async () => {
    const { account, report } = await wholeCase();
    const kinds = ({ timeline }: Retelling) => timeline.map(({ kind }) => kind);

    const tags = await retold(account, '--from', 'tags');
    expect(tags).toMatchObject({ verdict: 'HOLDS', code: 0, caseId: report.caseId });
    expect(kinds(tags)).toEqual(expect.arrayContaining(told));
    expect(kinds(tags).filter((kind) => kind === 'finding')).toHaveLength(2);
    expect(tags.timeline.every(({ sources }) => sources.join() === 'tags')).toBe(true);

    const record = await retold(account, '--from', 'record');
    expect(record.doubts).toEqual([]);
    expect(record).toMatchObject({ verdict: 'HOLDS', code: 0 });
    expect(record.record?.objects).toBeGreaterThan(4);
    expect(kinds(record)).toEqual(expect.arrayContaining(told));
    expect(kinds(record).filter((kind) => kind === 'finding').length).toBeGreaterThan(1);

    const both = await retold(account, '--head', report.record?.head.slice(0, 16) ?? '');
    expect(both.disagreements).toEqual([]);
    expect(both).toMatchObject({ verdict: 'HOLDS', code: 0 });
    const shared = both.timeline.filter(({ sources }) => sources.length === 2);
    expect(kinds({ ...both, timeline: shared })).toEqual(expect.arrayContaining(told));

    const { stdout } = await run(account, 'trail');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^TRAIL HOLDS: /);
    expect(lines.at(-1)).toBe(lines[0]);
    const every = await command.start(account.emulator, ['trail', '--all', '--quiet']).ended;
    expect(every).toMatchObject({ code: 0, stdout: 'TRAILS HOLD: 1 case\n' });
  });

  // threat E13
  it('shows what somebody did to its tags or its record, by name', async () => {
    const account = await accounts.open();
    const report = await reportOf(account);
    await goOnWithRecords(account);
    const { s3, name } = bucketOf(account);
    const key = (number: number) => recordKey(report, number);
    const fromRecord = () => retold(account, '--from', 'record');
    const put = (Key: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket: name, Key, Body }));
    const before = await retold(account);
    expect([...before.doubts, ...before.disagreements]).toEqual([]);
    expect(before).toMatchObject({ verdict: 'HOLDS', code: 0 });

    // A tag that the seal covers.
    const tags = await tagsOf(account);
    await write(account, [{ Key: 'cordon:step:protect', Value: '2026-01-01T00:00:00Z failed' }]);
    const tampered = await retold(account);
    expect(tampered).toMatchObject({ verdict: 'BROKEN', code: 3 });
    expect(tampered.disagreements.join()).toContain('cordon:step:protect: the tag says');
    expect(await retold(account, '--from', 'tags')).toMatchObject({ verdict: 'BROKEN' });
    expect(await fromRecord()).toMatchObject({ verdict: 'HOLDS' });
    await write(account, tags);

    // The head in the tag, and the head in the table.
    await write(account, [{ Key: 'cordon:record', Value: 'f'.repeat(64) }]);
    expect((await retold(account)).reason).toContain('of the tag cordon:record is of no object');
    await write(account, [{ Key: 'cordon:record', Value: report.record?.head ?? '' }]);
    const { record } = await fromRecord();
    await forgeHead(account, report.caseId, { head: 'e'.repeat(64) });
    expect((await fromRecord()).reason).toContain('of the case table is of no object');
    const { head = '', objects = 0 } = record ?? {};
    await forgeHead(account, report.caseId, { head, number: objects + 1 });
    expect((await fromRecord()).reason).toContain(`object ${objects + 1} of the record is missing`);
    await forgeHead(account, report.caseId, { number: objects });
    expect((await fromRecord()).verdict).toBe('HOLDS');

    // An object that was changed, hidden, and taken away.
    await put(key(2), '{}');
    expect(await fromRecord()).toMatchObject({
      verdict: 'BROKEN',
      code: 3,
      reason: 'object 2 of the record was put over: it has 2 versions that differ',
    });
    await s3.send(new DeleteObjectCommand({ Bucket: name, Key: key(1) }));
    const hidden = await fromRecord();
    expect(hidden.broken).toContain('object 1 of the record is hidden by a delete marker');
    // What lay there first still tells the story.
    expect(hidden.timeline.map(({ kind }) => kind)).toContain('cut');
    // It was not taken away: the store locks it.
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: name, Prefix: key(3) }),
    );
    const VersionId = Versions[0]?.VersionId;
    await expect(
      s3.send(new DeleteObjectCommand({ Bucket: name, Key: key(3), VersionId })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('shows tags that somebody has taken back to an earlier state', async () => {
    const account = await accounts.open();
    await reportOf(account);
    const earlier = await tagsOf(account);
    await secondFinding(account);
    await goOnWithRecords(account);
    expect(await retold(account)).toMatchObject({ verdict: 'HOLDS' });
    await write(account, earlier);
    const replayed = await retold(account);
    expect(replayed.code).toBe(3);
    expect([...replayed.broken, ...replayed.disagreements].join()).toContain('replayed');
  });

  it('is in doubt without a stack, and wrong words end with 2', async () => {
    const account = await accounts.open();
    await reportOf(account);
    const { code, stdout } = await run(account, 'trail', '--stack', 'another');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^TRAIL UNPROVEN: /);
    expect(stdout).toContain('no stack with an evidence store is known');
    for (const wrong of [['--head', 'xyz'], ['--from', 'memory'], ['--all']]) {
      const { code: usage, stderr } = await run(account, 'trail', ...wrong);
      expect(usage).toBe(2);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const never = ['trail', 'i-0123456789abcdef0', '--region', account.emulator.region];
    expect(await command.start(account.emulator, never).ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^No case of i-0123456789abcdef0 is known/),
    });
  });
});
