import { createHash, createPublicKey, verify } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it, vi } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { findItem } from '../../src/record/case-table/question-item.ts';
import type { RecordObject } from '../../src/record/chain/record-object.ts';
import { entriesOf, readRecordObject } from '../../src/record/chain/record-object.ts';
import { shelfOf } from '../../src/record/evidence-store/keys.ts';
import { getObject, listKeys } from '../../src/record/evidence-store/objects.ts';
import { readSeal } from '../../src/record/trail/seal/seal-value.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { bucketOf, collected } from './evidence-scene.ts';
import { openInterface } from './trail-scene.ts';

const accounts = useAccount();
const collecting = useAccount({ evidence: true });
const command = useCommand();

interface Stored {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly object: RecordObject;
  readonly signature: Uint8Array;
}

const recordOf = async (account: Account, report: CaseReport): Promise<readonly Stored[]> => {
  const bucket = bucketOf(account);
  const keys = await listKeys(bucket, shelfOf(report, 'record'));
  return Promise.all(
    keys
      .filter((key) => key.endsWith('.json'))
      .map(async (key) => {
        const bytes = await getObject(bucket, { key });
        const object = readRecordObject(Buffer.from(bytes).toString('utf8'));
        if (object === undefined) throw new Error(`${key} is no object of a record`);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const signature = await getObject(bucket, { key: `${key}.sig` });
        return { key, bytes, sha256, object, signature };
      }),
  );
};

const publicKeyOf = async ({ emulator, stage }: Account) => {
  const kms = new KMSClient(clientConfiguration(emulator));
  const { PublicKey = new Uint8Array() } = await kms.send(
    new GetPublicKeyCommand({ KeyId: stage.deployed.outputs.TrailKeyArn ?? '' }),
  );
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
};

/** Everything that was noted, after the schedule has come by. */
const entriesIn = async (account: Account, report: CaseReport) => {
  await account.stage.invoke('ReportFunction', { record: 'outbox' });
  return (await recordOf(account, report)).flatMap(({ object }) => entriesOf(object));
};

const tagsOf = async ({ clients, world }: Account): Promise<Record<string, string>> => {
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [world.suspectId] }] }),
  );
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

const contained = async (account: Account): Promise<CaseReport> =>
  (await containByEvent(account)).output as CaseReport;

const tableIn = ({ emulator, stage }: Account) => ({
  dynamoDb: new DynamoDBClient(clientConfiguration(emulator)),
  tableName: stage.deployed.outputs.CaseTableName ?? '',
});

describe('The record of a case', () => {
  it('keeps no message back where it cannot be written, says so, and is complete afterwards', async () => {
    const account = await accounts.open();
    const { traffic } = account.emulator;
    const times = Number.POSITIVE_INFINITY;
    traffic.inject({ service: 's3', action: 'PutObject', kind: 'denied', times });
    traffic.inject({ service: 'sts', action: 'GetCallerIdentity', kind: 'timeout', times });
    const report = await contained(account);
    expect(report).toMatchObject({ status: 'contained' });
    expect(report.record).toBeUndefined();
    const told = publishedMessages(traffic);
    expect(told[0]?.subject).toMatch(/^\[Cordon\] ISOLATED/);
    expect(told[0]?.text).toMatch(/The record has no entry of this yet: .*AccessDenied/);
    expect(await recordOf(account, report)).toEqual([]);
    traffic.clearFaults();
    const entries = await entriesIn(account, report);
    const steps = entries.flatMap(({ step }) => step ?? []);
    expect(steps).toEqual(expect.arrayContaining(['describe', 'isolate-network', 'verify']));
    const isolating = entries.find(({ step }) => step === 'isolate-network');
    expect(isolating?.actor).toBe('IsolateNetworkFunction');
  });

  it('has what the steps did where the outbox takes nothing', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      ...{ service: 'dynamodb', action: 'TransactWriteItems', kind: 'denied' },
      times: Number.POSITIVE_INFINITY,
    });
    const report = await contained(account);
    expect(report.status).toBe('contained');
    const entries = (await recordOf(account, report)).flatMap(({ object }) => entriesOf(object));
    const changed = entries.filter(({ kind }) => kind === 'change').map(({ program }) => program);
    expect([...new Set(changed)].toSorted()).toEqual([
      'DeregisterLoadBalancersFunction',
      'DetachAutoScalingFunction',
      'IsolateNetworkFunction',
      'ProtectFunction',
      'ReinforceCutFunction',
    ]);
  });

  it('tells the whole case in signed objects, each naming the one before', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    const record = await recordOf(account, report);
    const publicKey = await publicKeyOf(account);
    for (const [at, { key, bytes, object, signature }] of record.entries()) {
      expect(key).toMatch(new RegExp(`/record/00000${at + 1}\\.json$`));
      expect(verify('sha256', bytes, publicKey, signature)).toBe(true);
      expect(object).toMatchObject({ number: at + 1, caseId: report.caseId });
      expect(object.previous?.sha256).toBe(record[at - 1]?.sha256);
    }
    expect(record.map(({ object }) => object.occasion).slice(0, 2)).toEqual(['cut', 'end']);
    const { appendedBy, settings } = record[0]?.object ?? {};
    // The first object does not wait for STS longer than a second.
    expect(record.at(-1)?.object.appendedBy.principal).toMatch(/^arn:aws:/);
    expect(appendedBy?.codeSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(settings).toMatchObject({ isolationProfile: 'full' });
    const entries = record.flatMap(({ object }) => entriesOf(object));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const calls = entries.filter(({ kind }) => kind === 'call');
    expect(calls.filter(({ requestId, awsAt }) => !requestId || !awsAt)).toEqual([]);
  });

  it('has the calls that were refused, also of a try whose result the next one replaced', async () => {
    const account = await accounts.open();
    // A group that was just made may be refused for a while, and is tried again.
    const prepared = await command.start(account.emulator, ['prepare']).ended;
    expect(prepared.code, prepared.stderr).toBe(0);
    account.emulator.traffic.inject({
      ...{ service: 'ec2', action: 'ModifyNetworkInterfaceAttribute', kind: 'denied', times: 4 },
    });
    const report = await contained(account);
    expect(report.isolatedAt).toBeDefined();
    const entries = await entriesIn(account, report);
    const moves = entries.filter(
      ({ kind, call, program }) =>
        kind === 'call' &&
        call === 'ec2:ModifyNetworkInterfaceAttribute' &&
        program === 'IsolateNetworkFunction',
    );
    expect(moves.filter(({ error }) => error !== undefined)).toHaveLength(4);
    const ends = entries.filter(({ kind, step }) => kind === 'step' && step === 'isolate-network');
    expect(ends.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
  });

  it('has every change with what was before and what gives it back, and every read it rests on', async () => {
    const account = await accounts.open();
    const entries = await entriesIn(account, await contained(account));
    const moves = entries.filter(
      ({ kind, call }) => kind === 'change' && call === 'ec2:ModifyNetworkInterfaceAttribute',
    );
    expect(moves.length).toBeGreaterThanOrEqual(4);
    for (const move of moves) {
      expect(move.outcome).toBe('done');
      expect(move.before).not.toBe('');
      expect(move.after).not.toBe('');
    }
    const described = entries.find(
      ({ program, call }) => program === 'DescribeFunction' && call === 'ec2:DescribeInstances',
    );
    expect(JSON.stringify(described?.answer)).toContain(account.world.suspectId);
    const told = entries.filter(({ kind }) => kind === 'message').map(({ sentence }) => sentence);
    expect(told[0]).toMatch(/^\[Cordon\] ISOLATED/);
    const decided = entries.find(({ kind }) => kind === 'decision');
    expect(decided).toMatchObject({ program: 'IntakeFunction', outcome: 'started' });
  });

  it('is vouched for by the report, the messages, the sealed tag and the seal', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    const hashes = (await recordOf(account, report)).map(({ sha256 }) => sha256);
    expect(hashes).toContain(report.record?.head);
    const tags = await tagsOf(account);
    expect(hashes).toContain(tags['cordon:record']);
    const seal = readSeal(tags['cordon:seal'] ?? '');
    expect(seal?.covered).toContain('cordon:record');
    expect(seal?.head).toBe(tags['cordon:record']?.slice(0, 16));
    const [first, last] = publishedMessages(account.emulator.traffic).map(({ text }) => text);
    expect(first).toContain(`Record ${hashes[0]?.slice(0, 16)}`);
    expect(last).toContain(`Record ${hashes[1]?.slice(0, 16)}`);
  });

  it('puts the page of the case into the store, and its link into the last message', async () => {
    const account = await accounts.open();
    const report = await contained(account);
    const [key = ''] = await listKeys(bucketOf(account), shelfOf(report, 'report'));
    const page = Buffer.from(await getObject(bucketOf(account), { key })).toString('utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page.length).toBeLessThan(150_000);
    const told = publishedMessages(account.emulator.traffic).map(({ text }) => text);
    const link = `prefix=${encodeURIComponent(key)}`;
    expect(told.some((text) => text.includes('Report: https://') && text.includes(link))).toBe(
      true,
    );
  });

  it('goes on with a second finding, a drift, the evidence and the release, and is retold from it', async () => {
    const account = await collecting.open({ parameters: { OnDrift: 'enforce' } });
    const { clients, emulator, stage, world } = account;
    const report = await contained(account);
    await collected(account, report);
    await openInterface(account);
    await stage.invoke('DriftFunction', { drift: 'check' });
    const { payload } = (await stage.invoke(
      'IntakeFunction',
      sampleEvent('guardduty-crypto-mining', world.suspectId, new Date()),
    )) as { payload: { executions: { executionArn: string }[] } };
    await followExecution(clients, payload.executions[0]?.executionArn ?? '');
    const args = ['release', report.caseId, '--yes', '--reason', 'a false alarm'];
    const released = await command.start(emulator, args, { USER: 'ada' }).ended;
    expect(released.code, released.stderr).toBe(0);
    const entries = await entriesIn(account, report);
    const drifts = entries.filter(({ kind }) => kind === 'drift');
    expect(drifts.map(({ outcome }) => outcome)).toContain('isolated-again');
    const decisions = entries.filter(({ kind }) => kind === 'decision');
    expect(decisions).toHaveLength(2);
    const ends = entries.filter(({ kind }) => kind === 'status').map(({ outcome }) => outcome);
    expect(ends).toEqual(expect.arrayContaining(['contained', 'released']));
    expect(entries.some(({ program }) => program === 'EvidenceFunction')).toBe(true);
    const given = entries.filter(
      ({ program, kind }) => program === 'ReleaseFunction' && kind === 'change',
    );
    expect(given.length).toBeGreaterThan(3);
    const trail = await command.start(emulator, ['trail', report.caseId]).ended;
    expect(trail.stdout, trail.stderr).toMatch(/^TRAIL HOLDS/);
    expect(trail.code).toBe(0);
  });

  // threat E15
  it('names who approved as AWS knows them, and holds no token with which another could', async () => {
    const account = await accounts.open({ parameters: { Mode: 'ask' } });
    const { emulator, stage, world } = account;
    const event = sampleEvent('guardduty-command-and-control', world.suspectId, new Date());
    await stage.invoke('IntakeFunction', event);
    await vi.waitFor(() => expect(subjects(account).join()).toContain('ASKED'), {
      timeout: 60_000,
      interval: 200,
    });
    const { question } = (await findItem(tableIn(account), world.suspectId)) ?? {};
    const token = question?.token ?? '';
    expect(token.length).toBeGreaterThan(10);
    const answered = command.start(emulator, ['approve', world.suspectId], { USER: 'ada' });
    const { code, stderr } = await answered.ended;
    expect(code, stderr).toBe(0);
    const about = {
      ...{ instanceId: world.suspectId, accountId: emulator.accountId, region: emulator.region },
      caseId: (await tagsOf(account))['cordon:case'] ?? '',
    } as CaseReport;
    const entries = await entriesIn(account, about);
    const answers = entries.filter(({ program }) => program === 'cordon');
    expect(answers).toMatchObject([{ kind: 'decision', outcome: 'approve' }]);
    expect(answers[0]?.actor).toMatch(/^arn:aws:/);
    const asked = entries.filter(({ program }) => program === 'AskFunction');
    expect(asked.map(({ call }) => call)).toContain('dynamodb:UpdateItem');
    // The machine that asks describes the instance before the one that contains does.
    const described = entries.filter(
      ({ program, call }) => program === 'DescribeFunction' && call === 'ec2:DescribeInstances',
    );
    expect(described.length).toBeGreaterThan(1);
    const text = JSON.stringify(entries);
    expect(text).toContain('(withheld)');
    expect(text).not.toContain(token);
  });
});
