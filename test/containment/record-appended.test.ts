import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { enforcePolicies } from '../../emulator/deploy/enforce-policies.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { silentLog } from '../../src/aws/log.ts';
import { defined } from '../../src/case/defined.ts';
import { markLines } from '../../src/notify/record-lines.ts';
import type { Table } from '../../src/record/case-table/condition.ts';
import type { AppendDeps } from '../../src/record/chain/append.ts';
import { appendToRecord } from '../../src/record/chain/append.ts';
import { emptyOutbox, emptyOutboxOf } from '../../src/record/chain/empty-outbox.ts';
import { headKeyOf, readHeadItem } from '../../src/record/chain/head-item.ts';
import { recordHeadIn } from '../../src/record/chain/read-head.ts';
import { entriesOf, readRecordObject } from '../../src/record/chain/record-object.ts';
import { casesWaiting, readWaiting, waitingKeyOf } from '../../src/record/chain/waiting-item.ts';
import { recordKey, shelfOf } from '../../src/record/evidence-store/keys.ts';
import { getObject, listKeys, putOnce } from '../../src/record/evidence-store/objects.ts';
import type { Batch } from '../../src/record/journal/batch.ts';
import { newBatch } from '../../src/record/journal/batch.ts';
import { clearOutbox, putIntoOutbox } from '../../src/record/outbox/outbox.ts';
import { trailKeyIn } from '../record/chain/trail-key-in.ts';
import { stack } from '../template/opted-in.ts';
import { roleOf } from '../template/policy.ts';
import type { Account } from './account.ts';
import { useAccount } from './account.ts';
import { bucketOf } from './evidence-scene.ts';

const accounts = useAccount();

const writer = { actor: 'arn:aws:lambda:eu-central-1:123456789012:function:x', program: 'x' };
const instanceId = 'i-0a1b2c3d4e5f60718';
const clock = { now: () => new Date(), sleep: async () => {} };

const reportFunction = 'ReportFunction';

/** What ReportFunction works with, and what its role lets it do. */
const depsOf = async (account: Account): Promise<AppendDeps & { readonly table: Table }> => {
  const { emulator, stage } = account;
  const { statements } = roleOf(stack, reportFunction);
  const granted = [...new Set(statements.flatMap(({ actions }) => actions))];
  const { [reportFunction]: session } = await enforcePolicies(emulator, {
    [reportFunction]: granted,
  });
  const configuration = {
    ...clientConfiguration(emulator),
    credentials: {
      accessKeyId: session?.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: session?.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: session?.AWS_SESSION_TOKEN ?? '',
    },
  };
  return {
    table: {
      dynamoDb: new DynamoDBClient(configuration),
      tableName: stage.deployed.outputs.CaseTableName ?? '',
    },
    bucket: {
      s3: new S3Client({ ...configuration, forcePathStyle: true }),
      name: bucketOf(account).name,
    },
    trailKey: trailKeyIn(new KMSClient(configuration), stage.deployed.outputs.TrailKeyArn ?? ''),
    clock,
    writer,
  };
};

const caseNamed = (time: string) => ({
  ...{ accountId: '123456789012', region: 'eu-central-1', instanceId },
  caseId: `20261126T${time}Z-${instanceId}`,
});

type TheCase = ReturnType<typeof caseNamed>;

const aBatch = ({ caseId }: TheCase, sentence: string): Batch =>
  newBatch(
    caseId,
    writer,
    [{ kind: 'decision', at: new Date().toISOString(), sentence }],
    new Date(),
  );

const objectsOf = async ({ bucket }: AppendDeps, theCase: TheCase) => {
  const keys = await listKeys(bucket, shelfOf(theCase, 'record'));
  const objects = await Promise.all(
    keys
      .filter((key) => key.endsWith('.json'))
      .map(async (key) =>
        readRecordObject(Buffer.from(await getObject(bucket, { key })).toString('utf8')),
      ),
  );
  return {
    signed: keys.filter((key) => key.endsWith('.sig')).length,
    sentences: objects.map((one) =>
      one === undefined ? undefined : entriesOf(one).map(({ sentence }) => sentence),
    ),
    links: objects.map((one) => one?.previous?.key.slice(-11)),
  };
};

describe('Whoever appends to a record', () => {
  it('takes what waits in the outbox, once, however often it is asked', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100000');
    await putIntoOutbox(deps.table, aBatch(theCase, 'the watch'));
    expect(await casesWaiting(deps.table)).toEqual([theCase.caseId]);
    const carried = [aBatch(theCase, 'the run')];
    const first = await appendToRecord(deps, { case: theCase, carried });
    const again = await appendToRecord(deps, { case: theCase, carried });
    expect(again).toEqual(first);
    expect(await objectsOf(deps, theCase)).toMatchObject({
      signed: 1,
      sentences: [['the watch', 'the run']],
    });
    expect(await casesWaiting(deps.table)).toEqual([]);
  });

  it('leaves one chain where several append at once, with every entry in it', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100100');
    const words = ['one', 'two', 'three', 'four'];
    const heads = await Promise.all(
      words.map((word) =>
        appendToRecord(deps, { case: theCase, carried: [aBatch(theCase, word)] }),
      ),
    );
    const { sentences, links, signed } = await objectsOf(deps, theCase);
    expect(sentences.flat().toSorted()).toEqual(words.toSorted());
    expect(links).toEqual([undefined, '000001.json', '000002.json', '000003.json']);
    expect(signed).toBe(4);
    const { head } = await readHeadItem(deps.table, theCase.caseId);
    expect(heads.map((one) => one?.number)).toContain(head?.number);
    expect(head?.number).toBe(4);
  });

  it.each([
    ['the object was put', /\.sig$/],
    ['its signature was put', 'UpdateItem'],
  ] as const)('goes on where one was killed after %s', async (_, at) => {
    const account = await accounts.open();
    const deps = await depsOf(account);
    const theCase = caseNamed('100200');
    const killed = new Error('killed');
    const dying: AppendDeps = {
      ...deps,
      bucket: {
        ...deps.bucket,
        s3: refusing(
          deps.bucket.s3,
          (_name, input) => (at === 'UpdateItem' ? false : at.test(String(input.Key))),
          killed,
        ),
      },
      table: {
        ...deps.table,
        dynamoDb: refusing(
          deps.table.dynamoDb,
          (name) => at === 'UpdateItem' && name === 'UpdateItemCommand',
          killed,
        ),
      },
    };
    const carried = [aBatch(theCase, 'before it was killed')];
    await expect(appendToRecord(dying, { case: theCase, carried })).rejects.toThrow('killed');
    const more = [...carried, aBatch(theCase, 'after it was killed')];
    const head = await appendToRecord(deps, { case: theCase, carried: more });
    expect(head?.number).toBe(2);
    expect(await objectsOf(deps, theCase)).toEqual({
      signed: 2,
      sentences: [['before it was killed'], ['after it was killed']],
      links: [undefined, '000001.json'],
    });
  });

  it('goes on behind its own object where the table has lost the head', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('101100');
    await appendToRecord(deps, { case: theCase, carried: [aBatch(theCase, 'a')] });
    const { dynamoDb, tableName: TableName } = deps.table;
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key: headKeyOf(theCase.caseId) }));
    await appendToRecord(deps, { case: theCase, carried: [aBatch(theCase, 'b')] });
    expect(await objectsOf(deps, theCase)).toMatchObject({
      sentences: [['a'], ['b']],
      links: [undefined, '000001.json'],
    });
  });

  it('goes through a long queue by and by, and keeps no object too large to read', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('101200');
    const batches = Array.from({ length: 120 }, (_, n) => aBatch(theCase, String(n)));
    await putIntoOutbox(deps.table, ...batches);
    const place = { accountId: '123456789012', region: 'eu-central-1' };
    await emptyOutboxOf(deps, place, theCase.caseId);
    const { sentences } = await objectsOf(deps, theCase);
    expect(sentences.map((some) => some?.length)).toEqual([50, 50, 20]);
    expect(new Set(sentences.flat()).size).toBe(120);
    expect(await casesWaiting(deps.table)).toEqual([]);
  });

  // threat E14
  it('does not go on behind an object that somebody else has put in its way', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100300');
    const first = await appendToRecord(deps, { case: theCase, carried: [aBatch(theCase, 'a')] });
    const key = recordKey(theCase, 2);
    const forged = {
      ...{ v: 1, purpose: 'case-record', ...theCase, partition: 'aws', number: 2 },
      ...{ previous: first, occasion: 'later', appendedAt: new Date().toISOString() },
      ...{ appendedBy: writer, batches: [], entries: [] },
    };
    await putOnce(deps.bucket, key, Buffer.from(JSON.stringify(forged)), 'application/json');
    const batch = aBatch(theCase, 'b');
    await putIntoOutbox(deps.table, batch);
    await expect(appendToRecord(deps, { case: theCase, carried: [] })).rejects.toMatchObject({
      name: 'RecordBlockedError',
      message: expect.stringContaining('000002.json was put by somebody else'),
    });
    // What was noted still waits.
    expect(await readWaiting(deps.table, theCase.caseId)).toEqual([batch.id]);
    const item = await readHeadItem(deps.table, theCase.caseId);
    expect(item.head).toEqual(first);
    // Whoever tells of the case says so.
    const mark = await recordHeadIn(deps.table, { clock, log: silentLog })(theCase.caseId);
    expect(markLines(defined({ record: mark }))).toEqual([
      `Record ${first?.sha256.slice(0, 16)}`,
      expect.stringMatching(/^THE RECORD HAS NOT GONE ON since 20/),
    ]);
  });

  it('goes on with the other cases where the record of one is blocked', async () => {
    const deps = await depsOf(await accounts.open());
    const [one, other] = [caseNamed('100400'), caseNamed('100500')];
    await putIntoOutbox(deps.table, aBatch(one, 'fine'));
    await putIntoOutbox(deps.table, aBatch(other, 'fine'));
    const blocked = recordKey(one, 1);
    await putOnce(deps.bucket, blocked, Buffer.from('{}'), 'application/json');
    const place = { accountId: '123456789012', region: 'eu-central-1' };
    const emptied = await emptyOutbox({ ...deps, log: silentLog }, place);
    expect(emptied.find(({ caseId }) => caseId === one.caseId)?.error).toContain('somebody else');
    expect(emptied.find(({ caseId }) => caseId === other.caseId)?.head).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes no batch twice, and waits for none that was put again after it was appended', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100700');
    const batch = aBatch(theCase, 'once');
    await putIntoOutbox(deps.table, batch);
    await putIntoOutbox(deps.table, batch);
    const head = await appendToRecord(deps, { case: theCase, carried: [batch] });
    await putIntoOutbox(deps.table, batch);
    expect(await appendToRecord(deps, { case: theCase, carried: [] })).toEqual(head);
    expect((await objectsOf(deps, theCase)).sentences).toEqual([['once']]);
    expect(await casesWaiting(deps.table)).toEqual([]);
  });

  it('has each of many that are put at once, some of them a second time', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('101000');
    const batches = Array.from({ length: 25 }, (_, n) => aBatch(theCase, String(n)));
    await putIntoOutbox(deps.table, ...batches.slice(3, 6));
    await putIntoOutbox(deps.table, ...batches);
    await putIntoOutbox(deps.table, ...batches);
    expect(await readWaiting(deps.table, theCase.caseId)).toHaveLength(25);
    await appendToRecord(deps, { case: theCase, carried: [] });
    const { sentences } = await objectsOf(deps, theCase);
    expect(sentences.flat().toSorted()).toEqual(batches.map((_, n) => String(n)).toSorted());
  });

  // threat E13
  it('says so in the record where somebody has taken what was noted out of the outbox', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100800');
    const batch = aBatch(theCase, 'what nobody was to know');
    await putIntoOutbox(deps.table, batch);
    await clearOutbox(deps.table, [batch.id]);
    await appendToRecord(deps, { case: theCase, carried: [] });
    const { sentences } = await objectsOf(deps, theCase);
    expect(sentences).toEqual([[expect.stringContaining(`${batch.id} was taken from the outbox`)]]);
    expect(await casesWaiting(deps.table)).toEqual([]);
  });

  it('does not take a signature that somebody else has put beside its next object', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100900');
    const key = `${recordKey(theCase, 1)}.sig`;
    await putOnce(deps.bucket, key, Buffer.from('not ours'), 'application/octet-stream');
    await expect(
      appendToRecord(deps, { case: theCase, carried: [aBatch(theCase, 'a')] }),
    ).rejects.toMatchObject({ name: 'RecordBlockedError' });
    expect((await readHeadItem(deps.table, theCase.caseId)).head).toBeUndefined();
  });

  it('keeps what is too large for one item of the table, in parts', async () => {
    const deps = await depsOf(await accounts.open());
    const theCase = caseNamed('100600');
    const noise = () => Array.from({ length: 4_000 }, () => Math.random().toString(36)).join('');
    const entries = Array.from({ length: 20 }, (_, n) => ({
      ...{ kind: 'call' as const, at: new Date().toISOString(), sentence: String(n) },
      answer: noise(),
    }));
    await putIntoOutbox(deps.table, newBatch(theCase.caseId, writer, entries, new Date()));
    expect((await readWaiting(deps.table, theCase.caseId)).length).toBeGreaterThan(1);
    await appendToRecord(deps, { case: theCase, carried: [] });
    const { sentences } = await objectsOf(deps, theCase);
    expect(new Set(sentences.flat())).toEqual(new Set(entries.map(({ sentence }) => sentence)));
    const { dynamoDb, tableName } = deps.table;
    const { Item } = await dynamoDb.send(
      new GetItemCommand({ TableName: tableName, Key: waitingKeyOf(theCase.caseId) }),
    );
    expect(Item?.pending).toBeUndefined();
  });
});

/** A client whose calls of one kind never happen, as in a process that has died. */
function refusing<Client extends { send(command: never): Promise<unknown> }>(
  client: Client,
  isRefused: (name: string, input: Readonly<Record<string, unknown>>) => boolean,
  error: Error,
): Client {
  return new Proxy(client, {
    get: (target, property) => {
      const value = Reflect.get(target, property);
      if (property !== 'send') return value;
      return async (command: { readonly input: Readonly<Record<string, unknown>> }) => {
        if (isRefused(command.constructor.name, command.input)) throw error;
        return target.send(command as never);
      };
    },
  });
}
