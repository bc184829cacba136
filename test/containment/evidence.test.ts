import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { getObject } from '../../src/record/evidence-store/objects.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { bucketOf, collected, storeOf } from './evidence-scene.ts';

/** The evidence beside snapshots: collected by a machine of its own, from the finding to the manifest. */

const accounts = useAccount({ evidence: true });
const command = useCommand();

const cordon = (account: Account, ...args: readonly string[]) =>
  command.start(account.emulator, [...args, '--region', account.emulator.region], { USER: 'sam' })
    .ended;

const contained = async (account: Account): Promise<CaseReport> => {
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  return report;
};

/** The manifest, its signature and the public key as files, for tools that know nothing of Cordon. */
const filesOf = async (account: Account, key: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-manifest-'));
  const bucket = bucketOf(account);
  const kms = new KMSClient(clientConfiguration(account.emulator));
  const KeyId = account.stage.deployed.outputs.TrailKeyArn;
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  const file = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  return {
    manifest: file('manifest.json', await getObject(bucket, { key })),
    signature: file('manifest.json.sig', await getObject(bucket, { key: `${key}.sig` })),
    publicKey: file('trail.der', PublicKey),
    file,
  };
};

describe('The evidence that only has to be read', () => {
  it('is in the store with size, hash, who, when and how, and people are told', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    const { status, output } = await collected(account, report);
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ manifest: { signed: true } });
    const store = storeOf(account, report);
    const pieces = await store.pieces();
    expect(pieces.map(({ collector }) => collector)).toEqual(
      expect.arrayContaining(['console-output', 'instance-description', 'screenshot']),
    );
    for (const piece of pieces.filter(({ object }) => object !== undefined)) {
      expect(piece).toMatchObject({
        bytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        by: expect.stringContaining('EvidenceFunction'),
        how: expect.stringMatching(/^ec2:/),
      });
    }
    expect(await store.outcomes()).toContainEqual(
      expect.objectContaining({ collector: 'user-data', outcome: 'not-applicable' }),
    );
    const told = publishedMessages(account.emulator.traffic).find(({ subject }) =>
      // The message about the snapshots alone may come before it or after it.
      subject.startsWith('[Cordon] EVIDENCE,'),
    );
    expect(told?.subject).toMatch(/^\[Cordon\] EVIDENCE, \d KINDS KEPT: i-/);
    expect(told?.text).toContain(`cordon evidence ${report.caseId} --region us-east-1`);
  });

  it('is listed in a manifest that openssl and sha256sum verify, and a changed byte is found', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    const { output } = await collected(account, report);
    const files = await filesOf(account, output.manifest.key);
    const verify = () =>
      execFileSync(
        'openssl',
        [
          ...['dgst', '-sha256', '-keyform', 'DER', '-verify', files.publicKey],
          ...['-signature', files.signature, files.manifest],
        ],
        { encoding: 'utf8', stdio: 'pipe' },
      );
    expect(verify()).toContain('Verified OK');
    const { objects } = JSON.parse(readFileSync(files.manifest, 'utf8')) as {
      objects: { key: string; sha256: string }[];
    };
    const lines: string[] = [];
    for (const [index, { key, sha256 }] of objects.entries()) {
      const path = files.file(`object-${index}`, await getObject(bucketOf(account), { key }));
      lines.push(`${sha256}  ${path}`);
    }
    const sums = files.file('sums', Buffer.from(`${lines.join('\n')}\n`));
    expect(execFileSync('sha256sum', ['--check', sums], { encoding: 'utf8' })).not.toContain(
      'FAILED',
    );
    const text = readFileSync(files.manifest, 'utf8');
    writeFileSync(
      files.manifest,
      text.replace(/"sha256": "(.)/, (_, one: string) => `"sha256": "${one === '0' ? '1' : '0'}`),
    );
    expect(verify).toThrow();
  });

  it('is not collected or told a second time by a further run of the case', async () => {
    const account = await accounts.open();
    const first = await contained(account);
    await collected(account, first);
    const before = await storeOf(account, first).pieces();
    const told = subjects(account).filter((one) => one.includes('EVIDENCE, '));
    const again = (await containByEvent(account, 'guardduty-crypto-mining')).output as CaseReport;
    await collected(account, again);
    expect(again.caseId).toBe(first.caseId);
    expect(await storeOf(account, first).pieces()).toEqual(before);
    expect(subjects(account).filter((one) => one.includes('EVIDENCE, '))).toEqual(told);
  });
});

describe('cordon evidence', () => {
  it('lists what there is, fetches a piece, and says who has read it', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    await collected(account, report);
    const listed = await cordon(account, 'evidence', report.instanceId, '--wait');
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/^KEPT: \d pieces of /);
    expect(listed.stdout).toContain('ok  console-output/console-output.txt');
    const out = join(mkdtempSync(join(tmpdir(), 'cordon-piece-')), 'console');
    const fetched = await cordon(
      account,
      ...['evidence', 'fetch', report.caseId, 'console-output/console-output.txt', '--out', out],
    );
    expect(fetched.code).toBe(0);
    expect(fetched.stdout).toMatch(/^FETCHED console-output\/console-output.txt: \d+ bytes/);
    expect(readFileSync(out).length).toBeGreaterThan(0);
    expect(await storeOf(account, report).custody()).toContainEqual(
      expect.objectContaining({
        what: 'read',
        by: 'sam',
        piece: 'console-output/console-output.txt',
      }),
    );
    const verified = await cordon(account, 'evidence', report.caseId, '--verify');
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stderr).toContain('VERIFIED: every byte is as the signed manifest has it.');
  });

  // threat E8
  it('finds a piece that somebody has put over another, and names it', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    await collected(account, report);
    const { s3, name } = bucketOf(account);
    const [piece] = (await storeOf(account, report).pieces()).filter(
      ({ collector }) => collector === 'screenshot',
    );
    const key = piece?.object?.key ?? '';
    await s3.send(
      new PutObjectCommand({ Bucket: name, Key: key, Body: 'forged', ChecksumAlgorithm: 'SHA256' }),
    );
    // The version that was collected is still there; that another hides it is told.
    const replaced = await cordon(account, 'evidence', report.caseId, '--verify');
    expect(replaced.code).toBe(6);
    expect(replaced.stderr).toContain(`REPLACED ${key}`);
    await s3.send(
      new PutObjectCommand({
        ...{ Bucket: name, Key: `${key}-planted`, Body: 'forged', ChecksumAlgorithm: 'SHA256' },
      }),
    );
    const verified = await cordon(account, 'evidence', report.caseId, '--verify');
    expect(verified.code).toBe(6);
    expect(verified.stderr).toContain(`NOT LISTED ${key}-planted`);
  });

  it('says in one sentence that there is nothing of an instance', async () => {
    const account = await accounts.open();
    const { code, stderr } = await cordon(account, 'evidence', account.world.suspectId);
    expect(code).toBe(2);
    expect(stderr).toContain(`has no evidence of ${account.world.suspectId}`);
  });
});
