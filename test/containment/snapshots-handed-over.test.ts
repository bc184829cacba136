import {
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { stack } from '../template/opted-in.ts';
import { roleOf } from '../template/policy.ts';
import { withParameters } from '../template/resolve.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { collected, storeOf } from './evidence-scene.ts';

/** Snapshots on their way to the examiners: from the finding to a locked copy under their key. */

const accounts = useAccount({ evidence: true });
const examiners = '999988887777';
// A key lies wherever it lies: the emulator looks for it in its own account, and takes any other as it is.
const theirKey = `arn:aws:kms:us-east-1:${examiners}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const parameters = {
  SnapshotLock: 'governance',
  SnapshotLockDays: '30',
  ForensicAccountId: examiners,
  ForensicKmsKeyArn: theirKey,
};

/** What the function that collects may call in such a stack, and nothing else. */
const grants = () => {
  const { statements } = roleOf(withParameters(stack, parameters), 'EvidenceFunction');
  return { EvidenceFunction: [...new Set(statements.flatMap(({ actions }) => actions))] };
};

const copiesOf = async ({ clients }: Account) => {
  const { Snapshots = [] } = await clients.ec2.send(
    new DescribeSnapshotsCommand({ Filters: [{ Name: 'tag-key', Values: ['cordon:copy-of'] }] }),
  );
  return Snapshots;
};

describe('Snapshots of a case, where the stack hands them to the examiners', () => {
  it('are locked, copied under their key, shared with them alone, on record, and told', async () => {
    const account = await accounts.open({ parameters, grants: grants() });
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report.status).toBe('contained');
    const { status } = await collected(account, report);
    expect(status).toBe('SUCCEEDED');

    const copies = await copiesOf(account);
    const pieces = (await storeOf(account, report).pieces()).filter(
      ({ collector }) => collector === 'snapshots',
    );
    expect(copies.length).toBeGreaterThan(0);
    expect(pieces).toHaveLength(2 * copies.length);
    for (const { SnapshotId = '', KmsKeyId } of copies) {
      expect(KmsKeyId).toBe(theirKey);
      const { CreateVolumePermissions } = await account.clients.ec2.send(
        new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
      );
      expect(CreateVolumePermissions).toEqual([{ UserId: examiners }]);
    }
    const { Snapshots: locked = [] } = await account.clients.ec2.send(
      new DescribeLockedSnapshotsCommand({}),
    );
    expect(locked.map(({ SnapshotId }) => SnapshotId).toSorted()).toEqual(
      pieces.map(({ resource }) => resource).toSorted(),
    );
    for (const one of locked) {
      expect(one).toMatchObject({ LockState: 'governance', LockDuration: 30 });
    }
    const custody = await storeOf(account, report).custody();
    const handed = (what: string) => custody.filter((entry) => entry.what === what).length;
    expect([handed('locked'), handed('shared')]).toEqual([pieces.length, copies.length]);
    const texts = publishedMessages(account.emulator.traffic).map(({ text }) => text);
    expect(texts.join('\n')).toContain(`shared with ${examiners}`);
  });

  it('are only recorded and locked where a key of the account keeps them from being copied', async () => {
    const account = await accounts.open({ parameters });
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'CopySnapshot',
      times: 1_000,
      kind: 'denied',
    });
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report.status).toBe('contained');
    await collected(account, report);
    const store = storeOf(account, report);
    expect(await store.outcomes()).toContainEqual(
      expect.objectContaining({
        collector: 'snapshots',
        outcome: 'failed',
        sentence: expect.stringContaining('could not be copied'),
      }),
    );
    const pieces = await store.pieces();
    expect(pieces.some(({ collector }) => collector === 'snapshots')).toBe(true);
    expect(await copiesOf(account)).toEqual([]);
  });
});
