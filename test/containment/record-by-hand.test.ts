import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { entriesOf, readRecordObject } from '../../src/record/chain/record-object.ts';
import { shelfOf } from '../../src/record/evidence-store/keys.ts';
import { getObject, listKeys } from '../../src/record/evidence-store/objects.ts';
import { fileJournal } from '../../src/record/journal/file-journal.ts';
import type { Account } from './account.ts';
import { useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { bucketOf } from './evidence-scene.ts';

const accounts = useAccount();
const command = useCommand();

const run = ({ emulator }: Account, ...args: string[]) =>
  command.start(emulator, args, {
    USER: 'ada',
    TRANSITION_HOLD_SECONDS: '0',
    XDG_STATE_HOME: command.folder(),
  }).ended;

const containedBy = async (account: Account, ...args: string[]): Promise<CaseReport> => {
  const { stdout, code, stderr } = await run(
    account,
    ...['contain', account.world.suspectId, '--json', '--reason', 'seen by the SIEM', ...args],
  );
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { cases: readonly [CaseReport] }).cases[0];
};

describe('What a person did by hand', () => {
  it('stands in the journal of this machine where there is no stack, and is retold from there', async () => {
    const account = await accounts.open();
    const report = await containedBy(account, '--stack', 'absent');
    const journal = fileJournal(join(command.folder(), 'cordon'), () => new Date());
    const entries = await journal.entries(report, report.caseId);
    const text = JSON.stringify(entries);
    for (const kind of ['finding', 'step', 'change', 'call', 'status']) {
      expect(text).toContain(`"kind":"${kind}"`);
    }
    const told = await run(
      account,
      'trail',
      report.caseId,
      '--from',
      'record',
      '--stack',
      'absent',
    );
    expect(told.stdout).toMatch(/^TRAIL UNPROVEN: the record is the journal of this machine alone/);
    expect(told.stdout).toContain('ec2:ModifyNetworkInterfaceAttribute');
    expect(told.code).toBe(3);
  });

  it('goes into the record of the stack by its outbox, with who it was as AWS knows them', async () => {
    const account = await accounts.open();
    const report = await containedBy(account);
    await account.stage.invoke('ReportFunction', { record: 'outbox' });
    const bucket = bucketOf(account);
    const [key = ''] = await listKeys(bucket, shelfOf(report, 'record'));
    const object = readRecordObject(Buffer.from(await getObject(bucket, { key })).toString('utf8'));
    const entries = object === undefined ? [] : entriesOf(object);
    const own = entries.filter(({ program }) => program === 'cordon');
    expect(new Set(own.map(({ kind }) => kind))).toEqual(
      new Set(['finding', 'step', 'change', 'call', 'status']),
    );
    expect(own[0]?.actor).toMatch(/^arn:aws:/);
    const told = await run(account, 'trail', report.caseId);
    expect(told.stdout, told.stderr).toMatch(/^TRAIL HOLDS/);
  });
});
