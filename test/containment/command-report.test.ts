import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { cutter, entryWith, recordOf } from '../record/chain/sample-record.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';

const accounts = useAccount();
const command = useCommand();

/** Puts a record of the case into the store, as its writer does; `spoil` is what somebody did to it since. */
const putRecord = async (
  { emulator, stage }: Account,
  report: CaseReport,
  spoil: (text: string, number: number) => string = (text) => text,
) => {
  const s3 = new S3Client({ ...clientConfiguration(emulator), forcePathStyle: true });
  const Bucket = stage.deployed.outputs.EvidenceStoreName ?? '';
  const end = entryWith({ id: 'end', kind: 'status', after: 'released', sentence: 'Given back.' });
  const objects = recordOf(report, [
    { occasion: 'end', report, entries: [entryWith({ at: report.startedAt })] },
    { occasion: 'release', entries: [{ ...end, at: new Date().toISOString() }] },
  ]);
  for (const [at, { key, text }] of objects.entries()) {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: spoil(text, at + 1) }));
  }
};

const contained = async (account: Account): Promise<CaseReport> => {
  const { output } = await containByEvent(account);
  return output as CaseReport;
};

const report = (account: Account, ...args: readonly string[]) =>
  command.start(account.emulator, ['report', ...args]).ended;

describe('cordon report', () => {
  it('writes one page of a case from its record, and says so in one line', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    await putRecord(account, told);
    const { code, stdout, stderr } = await report(account, told.caseId, '--out', 'report.html');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^CONTAINED i-\w+ in \d+\.\d s: "report\.html", \d+ KB, made from the record [0-9a-f]{16}\n$/,
    );
    expect(code).toBe(0);
    const page = readFileSync(join(command.folder(), 'report.html'), 'utf8');
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).toContain(cutter);
    expect(page).toContain('Given back.');
    expect(page).toContain('link by their hashes');
    expect(page).not.toContain('not made from the record');
  });

  it('never writes over a file that is there', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    await putRecord(account, told);
    const first = await report(account, told.instanceId, '--markdown', '--out', 'report.md');
    expect(first.code).toBe(0);
    const { code, stdout, stderr } = await report(account, told.instanceId, '--out', 'report.md');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^"report\.md" could not be made \(EEXIST: .*\); name a new file .*\n$/);
    expect(readFileSync(join(command.folder(), 'report.md'), 'utf8')).toMatch(/^# CONTAINED i-/);
  });

  it('gives the same to programs, on standard output', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    await putRecord(account, told);
    const { code, stdout } = await report(account, told.instanceId, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: 'record', objects: 2, breaks: [] },
      report: { caseId: told.caseId, status: 'contained' },
    });
  });

  it('says that the record was changed, and wants a person', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    await putRecord(account, told, (text, number) =>
      number === 1 ? text.replace('ec2:ModifyNetworkInterfaceAttribute', 'ec2:CreateTags') : text,
    );
    const { code, stdout, stderr } = await report(account, told.caseId, '--markdown');
    expect(code).toBe(3);
    expect(stdout).toContain('THE RECORD WAS CHANGED');
    expect(stderr).toMatch(/^CHANGED: .*000002\.json does not name the object before it/);
  });

  it('is made from a read-back where there is no record, and says that plainly', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    const { code, stdout, stderr } = await command.start(account.emulator, [
      ...['report', told.instanceId, '--stack', 'nobodys'],
    ]).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('This page is not made from the record of the case');
    expect(stdout).toContain(`<h1>ISOLATED ${told.instanceId}</h1>`);
    expect(stdout).not.toContain('until isolation was read back');
    expect(stderr).toMatch(/^NOT FROM THE RECORD: there is no stack "nobodys"/);
  });

  it('says what could not be read, and wants a person', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    account.emulator.traffic.inject({
      ...{ service: 's3', action: 'ListObjectsV2', kind: 'denied', times: Infinity },
    });
    const { code, stdout, stderr } = await report(account, told.caseId);
    expect(code).toBe(3);
    expect(stdout).toContain('The record could not be read: ');
    expect(stderr).toMatch(/The record could not be read: .*AccessDenied/);
  });

  it('ends with 2 and one sentence for a wrong input', async () => {
    const { emulator } = await accounts.open();
    for (const [args, sentence] of [
      [['web-7'], /is neither a case id/],
      [['i-0123456789abcdef0', '--json', '--markdown'], /^Name one of/],
      [['i-0123456789abcdef0'], /i-0123456789abcdef0/],
    ] as const) {
      const { code, stdout, stderr } = await command.start(emulator, ['report', ...args]).ended;
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
    }
  });
});
