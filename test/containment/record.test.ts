import { createHash, createPublicKey, verify } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { RecordObject } from '../../src/record/chain/record-object.ts';
import { entriesOf, readRecordObject } from '../../src/record/chain/record-object.ts';
import { shelfOf } from '../../src/record/evidence-store/keys.ts';
import { getObject, listKeys } from '../../src/record/evidence-store/objects.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { bucketOf } from './evidence-scene.ts';

const accounts = useAccount();

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
        return {
          ...{ key, bytes, sha256, object },
          signature: await getObject(bucket, { key: `${key}.sig` }),
        };
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

describe('The record of a case', () => {
  it('tells the whole case in signed objects, each naming the one before', async () => {
    const account = await accounts.open();
    const ended = await containByEvent(account);
    const report = ended.output as CaseReport;
    const record = await recordOf(account, report);
    const publicKey = await publicKeyOf(account);
    expect(record.length).toBeGreaterThanOrEqual(2);
    for (const [at, { key, bytes, object, signature }] of record.entries()) {
      expect(key).toMatch(new RegExp(`/record/00000${at + 1}\\.json$`));
      expect(verify('sha256', bytes, publicKey, signature)).toBe(true);
      expect(object).toMatchObject({ number: at + 1, caseId: report.caseId });
      expect(object.previous?.sha256).toBe(record[at - 1]?.sha256);
    }
    expect(record.map(({ object }) => object.occasion).slice(0, 2)).toEqual(['cut', 'end']);
    expect(report.recordMissing).toBeUndefined();
    expect(record.map(({ sha256 }) => sha256)).toContain(report.record?.head);
    const entries = record.flatMap(({ object }) => entriesOf(object));
    const calls = entries.filter(({ kind }) => kind === 'call');
    console.log(
      record.map(({ bytes, object }) => [object.occasion, bytes.length, object.entries.length]),
    );
    console.log(
      Object.entries(
        Object.groupBy(entries, (e) => `${e.kind} ${e.program} ${e.call ?? e.step ?? ''}`),
      )
        .map(([k, v]) => `${k} ${v?.length}`)
        .join('\n'),
    );
    expect(
      calls.every(({ requestId, awsAt }) => requestId !== undefined && awsAt !== undefined),
    ).toBe(true);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });
});
