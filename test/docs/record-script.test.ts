import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import type { StoredVersion } from '../../src/record/chain/stored-object.ts';
import type { JournalEntry } from '../../src/record/journal/entry.ts';
import { aKeyPair, intoList, nameOf, signingWith, writeRecord } from '../record/chain/a-record.ts';

/** The lines of docs/trail.md that verify a record, typed as they stand there, on a record. */

const theCase = {
  accountId: '111122223333',
  region: 'eu-central-1',
  instanceId: 'i-0123456789abcdef0',
  caseId: '20260301T0300Z-i-0123456789abcdef0',
};

const entry: JournalEntry = {
  ...{ id: 'a', kind: 'step', at: '2026-03-01T03:01:00.000Z' },
  ...{ actor: 'TagFunction', program: 'TagFunction' },
};

const { publicKey, privateKey } = aKeyPair();
const versions: StoredVersion[] = [];
const { head } = await writeRecord(
  theCase,
  [
    { occasion: 'cut', entries: [entry] },
    { occasion: 'end', entries: [{ ...entry, id: 'b' }] },
    { occasion: 'release', entries: [{ ...entry, id: 'c' }] },
  ],
  signingWith(privateKey),
  intoList(versions),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-record-'));
  const page = readFileSync(inProject('docs/trail.md'), 'utf8');
  const scripts = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, text = '']) => text);
  writeFileSync(join(folder, 'record.py'), scripts.find((one) => one.includes('previous')) ?? '');
  writeFileSync(join(folder, 'trail.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Verifies the record as somebody has copied it, after something was done to it. */
const verified = (change: (files: Map<string, Buffer>) => void, ...heads: string[]) => {
  const files = new Map(
    versions.map(({ key, bytes = new Uint8Array() }) => [basename(key), Buffer.from(bytes)]),
  );
  change(files);
  const record = join(folder, 'record');
  rmSync(record, { recursive: true, force: true });
  mkdirSync(record);
  for (const [name, bytes] of files) writeFileSync(join(record, name), bytes);
  const { stdout, stderr, status } = spawnSync(
    'python3',
    ['record.py', 'record', 'trail.pem', ...heads],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return { status, lines: stdout.trim().split('\n') };
};

describe('The lines of docs/trail.md that verify a record', () => {
  it('say that it holds, and what its head is', () => {
    expect(verified(() => {}, head.slice(0, 16))).toEqual({
      status: 0,
      lines: [`Verified 3 objects, head ${head}`],
    });
  });

  it.each<[string, (files: Map<string, Buffer>) => void, string]>([
    [
      'was changed',
      (files) =>
        files.set(nameOf(2), Buffer.from(String(files.get(nameOf(2))).replace('"b"', '"x"'))),
      '000002.json is not signed as it is',
    ],
    [
      'is missing',
      (files) => files.delete(nameOf(2)),
      '000003.json does not follow the one before it',
    ],
    [
      'has no signature',
      (files) => files.delete(`${nameOf(3)}.sig`),
      '000003.json is not signed as it is',
    ],
    [
      'is missing at the start',
      (files) => files.delete(nameOf(1)),
      '000002.json does not follow the one before it',
    ],
  ])('name an object that %s', (_, change, line) => {
    const { status, lines } = verified(change);
    expect(status).toBe(1);
    expect(lines).toContain(line);
  });

  it('miss the last object where a message has its head', () => {
    const { status, lines } = verified((files) => files.delete(nameOf(3)), head.slice(0, 16));
    expect({ status, lines }).toEqual({
      status: 1,
      lines: [`${head.slice(0, 16)} is the head of no object`],
    });
  });

  it('verify nothing in an empty folder', () => {
    expect(verified((files) => files.clear()).status).toBe(1);
  });
});
