import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { caseLock } from '../../../src/record/case-table/case-lock.ts';
import { caseTable } from '../../../src/record/case-table/case-table.ts';
import { noteQuestion } from '../../../src/record/case-table/question-item.ts';
import { reportWith } from '../../case/sample-report.ts';
import { awsError } from '../../steps/aws-error.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import { aCase, instanceId } from '../../steps/sample-instance.ts';
import { fakeTable } from './fake-table.ts';

const scene = () => {
  const aws = fakeAws();
  const items = fakeTable(aws, async () => {});
  const table = caseTable(aws.deps.clients.dynamoDb, 'cases');
  const ended: string[] = [];
  const lock = caseLock({
    clock: aws.clock,
    log: aws.deps.log,
    table: async () => ({ dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' }),
    endQuestion: async (token) => {
      ended.push(token);
    },
  });
  const statusOf = () => items.get(`case#${instanceId}`)?.status?.S;
  return { aws, items, table, lock, ended, statusOf };
};

describe('A run by hand', () => {
  it('opens the case that findings join, and says how it stands afterwards', async () => {
    const { lock, statusOf, items } = scene();
    const own = await lock.take(aCase());
    expect(items.get(`case#${instanceId}`)?.caseId).toEqual({ S: own.caseId });
    await lock.settle(reportWith({ caseId: own.caseId, instanceId, status: 'contained' }));
    expect(statusOf()).toBe('contained');
  });

  it('goes on under the case that is open, and knows how that stood', async () => {
    const { lock } = scene();
    const first = await lock.take(aCase());
    await lock.settle(reportWith({ caseId: first.caseId, instanceId, status: 'partial' }));
    expect(await lock.take(aCase())).toMatchObject({
      caseId: first.caseId,
      earlier: { status: 'partial' },
    });
  });

  it('ends the question that waits, once the instance is isolated', async () => {
    const { aws, lock, table, ended } = scene();
    const asked = aCase({ caseId: `20260301T030000Z-${instanceId}` });
    await table.open(asked, aws.clock.now());
    await noteQuestion({ dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' }, asked, {
      token: 'the-token',
      until: new Date('2026-03-01T04:00:00Z'),
      again: false,
    });
    const { caseId } = await lock.take(aCase());
    expect(caseId).toBe(asked.caseId);
    const { isolatedAt: _never, ...open } = reportWith({ caseId, instanceId, status: 'failed' });
    await lock.settle(open);
    expect(ended).toEqual([]);
    const isolatedAt = '2026-03-01T03:10:00Z';
    await lock.settle(reportWith({ caseId, instanceId, status: 'contained', isolatedAt }));
    expect(ended).toEqual(['the-token']);
  });

  it.each(['hangs', 'is denied'])('is not kept from cutting by a table that %s', async (how) => {
    const { aws, lock } = scene();
    aws.dynamoDb
      .on(PutItemCommand)
      .callsFake(() =>
        how === 'hangs' ? new Promise(() => {}) : Promise.reject(awsError('AccessDeniedException')),
      );
    const began = aws.clock.now().getTime();
    expect(await lock.take(aCase())).toEqual(aCase());
    expect(aws.clock.now().getTime() - began).toBeLessThanOrEqual(1_500);
  });

  it('waits a moment for the name of the table, and cuts without it', async () => {
    const { aws } = scene();
    const lock = caseLock({
      clock: aws.clock,
      log: aws.deps.log,
      table: () => new Promise(() => {}),
      endQuestion: async () => {},
    });
    const began = aws.clock.now().getTime();
    expect(await lock.take(aCase())).toEqual(aCase());
    expect(aws.clock.now().getTime() - began).toBeLessThanOrEqual(3_000);
  });

  it('leaves no case open of an instance that does not exist', async () => {
    const { lock, statusOf } = scene();
    const { caseId } = await lock.take(aCase());
    const at = '2026-03-01T03:10:00Z';
    const error = { code: 'InstanceNotFoundError', message: 'unknown' };
    const describe = {
      step: 'describe',
      outcome: 'failed',
      startedAt: at,
      finishedAt: at,
    } as const;
    await lock.settle(
      reportWith({
        caseId,
        instanceId,
        status: 'failed',
        steps: [{ ...describe, detail: {}, error }],
      }),
    );
    expect(statusOf()).toBe('closed');
  });

  it('of a rehearsal takes no lock', async () => {
    const { lock, items } = scene();
    const rehearsal = aCase({ dryRun: true });
    expect(await lock.take(rehearsal)).toBe(rehearsal);
    await lock.settle(reportWith({ status: 'planned', dryRun: true }));
    expect(items.size).toBe(0);
  });
});
