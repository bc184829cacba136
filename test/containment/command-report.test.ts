import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { recordKey } from '../../src/record/evidence-store/keys.ts';
import { getObject } from '../../src/record/evidence-store/objects.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';

const accounts = useAccount();
const command = useCommand();

/** Puts another text over the first object of the record of a case, as somebody with rights to the store might. */
const putOverRecord = async ({ emulator, stage }: Account, report: CaseReport) => {
  const s3 = new S3Client({ ...clientConfiguration(emulator), forcePathStyle: true });
  const bucket = { s3, name: stage.deployed.outputs.EvidenceStoreName ?? '' };
  const key = recordKey(report, 1);
  const text = Buffer.from(await getObject(bucket, { key })).toString('utf8');
  const Body = text.replace('"occasion":"', '"occasion" : "');
  expect(Body).not.toBe(text);
  await s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body }));
};

const contained = async (account: Account): Promise<CaseReport> => {
  const { output } = await containByEvent(account);
  return output as CaseReport;
};

const report = (account: Account, ...args: readonly string[]) =>
  command.start(account.emulator, ['report', ...args]).ended;

describe('cordon report', () => {
  it('tells a case from its record as a page or to programs, and says if the record was changed', async () => {
    const account = await accounts.open();
    const told = await contained(account);
    const first = await report(account, told.caseId, '--out', 'report.html');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^CONTAINED i-\w+ in \d+\.\d s: "report\.html", \d+ KB, made from the record [0-9a-f]{16}\n$/,
      ),
      stderr: '',
    });
    const page = readFileSync(join(command.folder(), 'report.html'), 'utf8');
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).toMatch(/<code>arn:aws:lambda:[^<]*IsolateNetworkFunction/);
    expect(page).toContain('are signed and link by their hashes');
    expect(page).not.toContain('not made from the record');

    const again = await report(account, told.instanceId, '--markdown', '--out', 'report.html');
    expect(again).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^"report\.html" could not be made \(EEXIST: .*\); name a new /,
      ),
    });
    expect(readFileSync(join(command.folder(), 'report.html'), 'utf8')).toBe(page);

    const { code, stdout } = await report(account, told.instanceId, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: 'record', breaks: [] },
      report: { caseId: told.caseId, status: 'contained' },
    });

    await putOverRecord(account, told);
    const changed = await report(account, told.caseId, '--markdown');
    expect(changed.code).toBe(3);
    expect(changed.stdout).toMatch(/^# CONTAINED i-/);
    expect(changed.stdout).toContain('THE RECORD WAS CHANGED');
    expect(changed.stderr).toMatch(/^CHANGED: object 1 of the record was put over: it has 2 /);
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
      ...{ service: 's3', action: 'ListObjectVersions', kind: 'denied', times: Infinity },
    });
    const { code, stdout, stderr } = await report(account, told.caseId);
    expect(code).toBe(3);
    expect(stdout).toContain('The record could not be read: ');
    expect(stderr).toMatch(/The record could not be read: .*AccessDenied/);
  });

  it('ends with 2 and one sentence for a wrong input', async () => {
    const { emulator } = await accounts.open();
    for (const [args, sentence] of [
      [['web-7'], /No instance in [a-z0-9-]+ has the name/],
      [['i-0123456789abcdef0', '--json', '--markdown'], /^Name one of/],
      [['i-0123456789abcdef0'], /i-0123456789abcdef0/],
    ] as const) {
      const { code, stdout, stderr } = await command.start(emulator, ['report', ...args]).ended;
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
    }
  });
});
