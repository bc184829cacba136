import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileJournal, journalRoot } from '../../../src/record/journal/file-journal.ts';
import { localJournal } from '../../../src/record/journal/local-journal.ts';

const subject = {
  accountId: '111122223333',
  region: 'eu-central-1',
  instanceId: 'i-0123456789abcdef0',
};
const earlier = `20260301T0300Z-${subject.instanceId}`;
const later = `20260301T0310Z-${subject.instanceId}`;
const values = { 'eni-1': { 'cordon:original-groups': 'sg-1 sg-2' } };

const folders: string[] = [];
const emptyRoot = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-journal-'));
  folders.push(folder);
  return join(folder, 'cordon');
};

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const now = () => new Date('2026-03-01T03:07:00.000Z');

describe('The journal of this machine', () => {
  // fault B1
  it('keeps what was before, the newest case first', async () => {
    const root = await emptyRoot();
    const journal = fileJournal(root, now);
    await journal.append(subject, earlier, values);
    await journal.append(subject, later, { 'eni-1': { 'cordon:original-groups': 'sg-3' } });
    await journal.append(subject, earlier, { 'eni-1': { 'cordon:original-groups': 'sg-evil' } });
    expect(await journal.read(subject)).toEqual([
      { caseId: later, values: { 'eni-1': { 'cordon:original-groups': 'sg-3' } } },
      { caseId: earlier, values },
    ]);
  });

  it('is for its owner alone', async () => {
    const root = await emptyRoot();
    await fileJournal(root, now).append(subject, earlier, values);
    const folder = join(root, subject.accountId, subject.region, subject.instanceId);
    const [name = ''] = await readdir(folder);
    expect(name).toBe(`${earlier}.jsonl`);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, name), 'utf8')).toMatch(/^\{.*\}\n$/);
  });

  it('is neither believed nor written where somebody else may write', async () => {
    const root = await emptyRoot();
    const journal = fileJournal(root, now);
    await journal.append(subject, earlier, values);
    await chmod(root, 0o777);
    expect(await journal.read(subject)).toEqual([]);
    await expect(journal.append(subject, later, values)).rejects.toMatchObject({
      name: 'JournalUnsafeError',
    });
  });

  it('holds nothing of other instances, nor of files with other names', async () => {
    const root = await emptyRoot();
    const journal = fileJournal(root, now);
    await journal.append(subject, earlier, values);
    const folder = join(root, subject.accountId, subject.region, subject.instanceId);
    await mkdir(join(folder, '20260301T0300Z-i-00000000000000099.jsonl'));
    expect((await journal.read(subject)).map(({ caseId }) => caseId)).toEqual([earlier]);
    const other = { ...subject, instanceId: 'i-00000000000000099' };
    expect(await journal.read(other)).toEqual([]);
  });
});

describe('Where the journal is', () => {
  it('is $XDG_STATE_HOME, or a folder of this user among the temporary files', () => {
    expect(journalRoot({ XDG_STATE_HOME: '/state' })).toBe('/state/cordon');
    expect(journalRoot({})).toMatch(/cordon-\d+$/);
  });

  it('is nowhere in Lambda, whose disk is gone with the next container', () => {
    expect(localJournal({ AWS_LAMBDA_FUNCTION_NAME: 'contain' })).toEqual({});
    expect(localJournal({ AWS_SAM_LOCAL: 'true' })).toHaveProperty('journal');
  });
});
