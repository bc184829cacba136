import type { Snapshot } from '@aws-sdk/client-ec2';
import {
  CopySnapshotCommand,
  LockSnapshotCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../src/evidence/collector.ts';
import { snapshots as collector } from '../../../src/evidence/snapshots/collector.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { anyText } from '../../case/any-text.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import { aBefore, aCase, caseId, instanceId } from '../../steps/sample-instance.ts';
import { recordedStore } from '../recorded-store.ts';
import { fakeSnapshots, managedKey } from './fake-snapshots.ts';

const first = 'snap-00000000000000001';
const second = 'snap-00000000000000002';
const examiners = '999988887777';
const theirKey = `arn:aws:kms:eu-central-1:${examiners}:key/their-key`;
const ownKey = 'arn:aws:kms:eu-central-1:111122223333:key/own-key';
const tag = (Key: string, Value: string) => ({ Key, Value });

const taken = (SnapshotId: string, VolumeId: string, more: Partial<Snapshot> = {}): Snapshot => ({
  SnapshotId,
  VolumeId,
  VolumeSize: 8,
  State: 'completed',
  Progress: '100%',
  StartTime: new Date('2026-03-01T03:07:00Z'),
  Encrypted: false,
  Tags: [tag('cordon:case', caseId), tag('cordon:instance', instanceId)],
  ...more,
});

const both = (more: Partial<Snapshot> = {}): Snapshot[] => [
  taken(first, 'vol-00000000000000001', more),
  taken(second, 'vol-00000000000000002', more),
];

const scene = (settings: Partial<Settings> = {}, there = both()) => {
  const aws = fakeAws(settings);
  const world = fakeSnapshots(aws, there);
  const recorded = recordedStore();
  const deps = { ...aws.deps, store: recorded.store };
  const input = { case: aCase(), before: aBefore() };
  let last: Progress | undefined;
  /** One look, with what the look before has left. */
  const look = async (): Promise<Progress> => {
    last =
      last?.outcome === 'waiting'
        ? await collector.follow?.(deps, input, JSON.parse(JSON.stringify(last.state)))
        : await collector.collect(deps, input);
    if (last === undefined) throw new Error('the collector does not follow');
    return last;
  };
  /** As after a machine that died: the first look again. */
  const again = () => collector.collect(deps, input);
  return { aws, world, deps, input, there, look, again, ...recorded };
};

const denied = Object.assign(new Error('You are not authorized'), {
  name: 'UnauthorizedOperation',
});

describe('The snapshots of a case', () => {
  it('are on record with volume, size, encryption, key and start, and nothing else is done', async () => {
    const { look, pieces, handed, aws } = scene();
    const end = await look();
    expect(end).toMatchObject({ outcome: 'done' });
    expect(pieces).toMatchObject([
      {
        resource: first,
        what: 'Snapshot of vol-00000000000000001',
        note: '8 GiB, not encrypted, begun 2026-03-01T03:07:00.000Z',
      },
      { resource: second },
    ]);
    expect(handed).toEqual([]);
    const names = aws.ec2.commandCalls(LockSnapshotCommand);
    expect([...names, ...aws.ec2.commandCalls(ModifySnapshotAttributeCommand)]).toEqual([]);
  });

  it('are waited for, each time longer, and recorded when they are completed', async () => {
    const { look, pieces, there } = scene({}, both({ State: 'pending', Progress: '37%' }));
    expect(await look()).toMatchObject({
      outcome: 'waiting',
      waitSeconds: 5,
      sentence: expect.stringContaining('37%'),
    });
    expect(await look()).toMatchObject({ outcome: 'waiting', waitSeconds: 10 });
    expect(pieces).toEqual([]);
    for (const one of there) one.State = 'completed';
    expect((await look()).outcome).toBe('done');
    expect(pieces).toHaveLength(2);
  });

  it('are waited for while the runbook has not taken them, for half an hour', async () => {
    const { look, aws } = scene({}, []);
    expect(await look()).toMatchObject({
      outcome: 'waiting',
      sentence: expect.stringContaining('vol-00000000000000001'),
    });
    await aws.clock.sleep(31 * 60_000);
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('take one with aws ec2 create-snapshot'),
    });
  });

  it('are given up after three days, and that is told', async () => {
    const { look, aws } = scene({}, both({ State: 'pending' }));
    await look();
    await aws.clock.sleep(3 * 24 * 3_600_000 + 1);
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('after three days'),
    });
  });

  it('that somebody deletes meanwhile are told, to the end', async () => {
    const { look, there } = scene({}, both({ State: 'pending' }));
    await look();
    there.splice(0, 1);
    await look();
    for (const one of there) one.State = 'completed';
    expect(await look()).toMatchObject({
      outcome: expect.stringMatching(/failed|waiting/),
      sentence: expect.stringContaining(`${first} was there and is not any more`),
    });
  });

  it('that failed are told, and the others are kept', async () => {
    const { look, there, pieces } = scene();
    Object.assign(there[0] ?? {}, { State: 'error', StateMessage: 'an "odd"\nreason' });
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(/is in state "error" \("an 'odd' reason"\)/),
    });
    expect(pieces).toMatchObject([{ resource: second }]);
  });

  it('that failed are told on one line of visible characters, whatever EC2 says of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), anyText(), async (State, StateMessage) => {
        const { look, there } = scene();
        Object.assign(there[0] ?? {}, { State: `not ${State}`, StateMessage });
        const { outcome, sentence } = await look();
        expect(outcome).toBe('failed');
        expect(sentence).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 30 },
    );
  });

  it('are nothing to collect where there is no volume', async () => {
    const { deps, input } = scene();
    const instance = { ...input.before.instance, volumes: [] };
    const end = await collector.collect(deps, { ...input, before: { ...input.before, instance } });
    expect(end.outcome).toBe('not-applicable');
  });
});

describe('The lock', () => {
  const governance = { snapshotLock: 'governance', snapshotLockDays: 365 } as const;

  it('is set for the days of the stack, once, and stands in the custody', async () => {
    const { look, again, aws, handed } = scene(governance);
    await look();
    await again();
    const asked = aws.ec2.commandCalls(LockSnapshotCommand).map(({ args: [{ input }] }) => input);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual({ SnapshotId: first, LockMode: 'governance', LockDuration: 365 });
    expect(handed).toMatchObject([
      { what: 'locked', piece: first, detail: 'locked (governance) until 2027-03-01' },
      { what: 'locked', piece: second },
    ]);
  });

  it('has no cooling-off period in compliance mode', async () => {
    const { look, aws } = scene({ snapshotLock: 'compliance', snapshotLockDays: 30 });
    await look();
    const [call] = aws.ec2.commandCalls(LockSnapshotCommand);
    expect(call?.args[0].input).toEqual({
      SnapshotId: first,
      LockMode: 'compliance',
      LockDuration: 30,
    });
  });

  it('that AWS denies is told, and the snapshot is on record all the same', async () => {
    const { look, aws, pieces } = scene(governance);
    aws.ec2.on(LockSnapshotCommand).rejects(denied);
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('UnauthorizedOperation'),
    });
    expect(pieces).toHaveLength(2);
  });

  it('that comes too early is tried again', async () => {
    const { look, aws } = scene(governance);
    const early = Object.assign(new Error('pending'), { name: 'IncorrectState' });
    aws.ec2.on(LockSnapshotCommand).rejects(early);
    expect((await look()).outcome).toBe('waiting');
  });

  it('that was set by a call whose machine died is found, and said to have been', async () => {
    const { look, world, handed, aws } = scene(governance);
    for (const SnapshotId of [first, second]) {
      const LockExpiresOn = new Date('2027-03-01T00:00:00Z');
      const lock = { SnapshotId, LockState: 'governance', LockDuration: 365 } as const;
      world.locks.set(SnapshotId, { ...lock, LockExpiresOn });
    }
    expect((await look()).outcome).toBe('done');
    expect(aws.ec2.commandCalls(LockSnapshotCommand)).toEqual([]);
    expect(handed[0]?.detail).toBe('found locked (governance) until 2027-03-01');
  });
});

describe('The examiners’ account', () => {
  const sharing = { forensicAccountId: examiners };
  const copying = { ...sharing, forensicKmsKeyArn: theirKey };

  it('gets a snapshot under a key of one’s own as it is, and who owns the key is told what to do', async () => {
    const { look, again, aws, world, handed } = scene(
      copying,
      both({ Encrypted: true, KmsKeyId: ownKey }),
    );
    expect(await look()).toMatchObject({
      outcome: 'done',
      sentence: expect.stringContaining(
        `the policy of ${ownKey} has to let ${examiners} use the key`,
      ),
    });
    await again();
    expect(world.shared.get(first)).toEqual([examiners]);
    expect(handed.filter(({ what }) => what === 'shared')).toHaveLength(2);
    expect(aws.ec2SingleAttempt.commandCalls(CopySnapshotCommand)).toEqual([]);
  });

  it.each([
    ['the AWS managed key', { Encrypted: true, KmsKeyId: managedKey }],
    ['no key', {}],
  ])('gets a copy of one under %s: made once, locked, shared, on record', async (_, more) => {
    const settings = { ...copying, snapshotLock: 'governance' } as const;
    const { look, again, aws, world, there, pieces } = scene(settings, both(more));
    expect((await look()).outcome).toBe('waiting');
    // Killed before the state was kept.
    expect((await again()).outcome).toBe('waiting');
    expect((await look()).outcome).toBe('waiting');
    const copies = there.slice(2);
    expect(copies).toHaveLength(2);
    expect(copies[0]).toMatchObject({ Encrypted: true, KmsKeyId: theirKey });
    expect(copies[0]?.Tags).toEqual([tag('cordon:case', caseId), tag('cordon:copy-of', first)]);
    for (const one of copies) one.State = 'completed';
    expect(await look()).toMatchObject({ outcome: 'done' });
    const id = copies[0]?.SnapshotId ?? '';
    expect(world.shared.get(id)).toEqual([examiners]);
    expect(world.shared.get(first)).toBeUndefined();
    expect(world.locks.get(id)?.LockState).toBe('governance');
    expect(pieces.map(({ resource }) => resource)).toContain(id);
    expect(aws.ec2SingleAttempt.commandCalls(CopySnapshotCommand)).toHaveLength(2);
  });

  it('gets an unencrypted snapshot as it is where there is no key to copy it under', async () => {
    const { look, world } = scene(sharing);
    expect((await look()).outcome).toBe('done');
    expect(world.shared.get(second)).toEqual([examiners]);
  });

  it('cannot get one under the AWS managed key without a key, and what to do is told', async () => {
    const { look, pieces } = scene(sharing, both({ Encrypted: true, KmsKeyId: managedKey }));
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('name a key of your own in ForensicKmsKeyArn'),
    });
    expect(pieces).toHaveLength(2);
  });

  it('has them already where it is the account of the case', async () => {
    const { look, aws } = scene({ forensicAccountId: aCase().accountId });
    expect((await look()).outcome).toBe('done');
    expect(aws.ec2.commandCalls(ModifySnapshotAttributeCommand)).toEqual([]);
  });

  it.each(['ResourceLimitExceeded', 'ServiceUnavailable'])(
    'waits where a copy meets %s',
    async (name) => {
      const { look, aws } = scene(copying);
      aws.ec2SingleAttempt
        .on(CopySnapshotCommand)
        .rejects(Object.assign(new Error('later'), { name }));
      expect((await look()).outcome).toBe('waiting');
    },
  );

  it('is told that its key refuses, and the case’s own snapshots are kept', async () => {
    const { look, aws, pieces } = scene(copying);
    const disabled = Object.assign(new Error('the key is disabled'), {
      name: 'InvalidKMSKey.InvalidState',
    });
    aws.ec2SingleAttempt.on(CopySnapshotCommand).rejects(disabled);
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining(`look whether ${theirKey} is enabled`),
    });
    expect(pieces).toHaveLength(2);
  });

  it('is told of a copy that failed under a disabled key; a later run tries again', async () => {
    const { look, deps, input, there } = scene(copying);
    await look();
    for (const one of there.slice(2)) {
      Object.assign(one, { State: 'error', StateMessage: 'Given key ID is not accessible' });
    }
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('Given key ID is not accessible'),
    });
    expect(there).toHaveLength(4);
    const readAt = '2026-03-01T09:00:00.000Z';
    await collector.collect(deps, { ...input, before: { ...input.before, readAt } });
    expect(there).toHaveLength(6);
  });

  it('is told what AWS denies of the sharing', async () => {
    const { look, aws } = scene(sharing);
    aws.ec2.on(ModifySnapshotAttributeCommand).rejects(denied);
    expect(await look()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('share it by hand'),
    });
  });

  it('is not asked for while AWS is busy: the whole look is repeated', async () => {
    const { look, aws } = scene(sharing);
    const busy = Object.assign(new Error('slow down'), { name: 'RequestLimitExceeded' });
    aws.ec2.on(ModifySnapshotAttributeCommand).rejects(busy);
    await expect(look()).rejects.toThrow('slow down');
  });
});
