import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CollectEvidenceDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { listKeys } from '../../src/record/evidence-store/objects.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';

/** The evidence beside snapshots: collected by a machine of its own, from the finding to the manifest. */

const accounts = useAccount();

export const storeOf = (account: Account, report: CaseReport) => {
  const s3 = new S3Client({ ...clientConfiguration(account.emulator), forcePathStyle: true });
  const bucket = { s3, name: account.stage.deployed.outputs.EvidenceStoreName ?? '' };
  const clock = { now: () => new Date(), sleep: async () => {} };
  return { s3, bucket, store: openStore({ bucket, clock, by: 'a test' }, report) };
};

const executionArnIn = (report: CaseReport): string =>
  (report.steps.find(({ step }) => step === 'collect-evidence')?.detail as CollectEvidenceDetail)
    .executionArn ?? '';

/** The end of the machine that the case has started. */
export const collected = (account: Account, report: CaseReport) =>
  followExecution(account.clients, executionArnIn(report));

describe('The evidence that only has to be read', () => {
  it('is in the store with size, hash, who, when and how, and listed in a signed manifest', async () => {
    const account = await accounts.open();
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report.status).toBe('contained');
    const { status, output } = (await collected(account, report)) as {
      status: string;
      output: { manifest: { key: string } };
    };
    expect(status).toBe('SUCCEEDED');
    const { store, bucket, s3 } = storeOf(account, report);
    const pieces = await store.pieces();
    expect(pieces.map(({ collector }) => collector).toSorted()).toEqual([
      'console-output',
      'instance-description',
      'screenshot',
    ]);
    expect(await store.outcomes()).toContainEqual(
      expect.objectContaining({ collector: 'user-data', outcome: 'not-applicable' }),
    );
    for (const piece of pieces) {
      expect(piece).toMatchObject({
        bytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        by: expect.stringContaining('evidence'),
        how: expect.stringMatching(/^ec2:/),
      });
    }
    expect(output).toMatchObject({ manifest: { signed: true } });
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: bucket.name, Key: output.manifest.key }),
    );
    const manifest = JSON.parse((await Body?.transformToString()) ?? '');
    expect(manifest.pieces).toHaveLength(3);
    expect(await listKeys(bucket, `cases/`)).toEqual(
      expect.arrayContaining([`${output.manifest.key}.sig`]),
    );
    const subjects = publishedMessages(account.emulator.traffic).map(({ subject }) => subject);
    expect(subjects).toContain(`[Cordon] EVIDENCE, 3 KINDS KEPT: ${report.instanceId}`);
  });
});
