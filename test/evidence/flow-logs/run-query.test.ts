import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { flowQueries } from '../../../src/evidence/flow-logs/queries.ts';
import { runQuery } from '../../../src/evidence/flow-logs/run-query.ts';
import { FakeClock } from '../../steps/fake-clock.ts';
import { caseId } from '../../steps/sample-instance.ts';

const place = { database: 'cordon_flows_1a2b3c4d', workGroup: 'cordon_flows_1a2b3c4d' };

const row = (...texts: readonly string[]) => ({
  Data: texts.map((VarCharValue) => ({ VarCharValue })),
});

const scene = (...states: readonly string[]) => {
  const client = new AthenaClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  });
  const athena = mockClient(client);
  const clock = new FakeClock();
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: 'q-1' });
  athena.on(StopQueryExecutionCommand).resolves({});
  let at = 0;
  athena.on(GetQueryExecutionCommand).callsFake(async () => ({
    QueryExecution: {
      Status: {
        State: states[Math.min(at++, states.length - 1)],
        StateChangeReason: 'COLUMN_NOT_FOUND: line 1:8',
      },
      Statistics: { DataScannedInBytes: 4_096 },
    },
  }));
  const run = () =>
    runQuery({ athena: client, clock }, place, flowQueries['after-cut'], {
      caseId,
      since: 1_772_334_481,
    });
  return { athena, clock, run };
};

describe('A query on Athena', () => {
  it('is asked with parameters, never with values in its text', async () => {
    const { athena, run } = scene('SUCCEEDED');
    athena.on(GetQueryResultsCommand).resolves({ ResultSet: { Rows: [row('peer')] } });
    await run();
    const [call] = athena.commandCalls(StartQueryExecutionCommand);
    expect(call?.args[0].input).toEqual({
      QueryString: flowQueries['after-cut'].sql,
      ExecutionParameters: [`'${caseId}'`, "'2026/03/01'", '1772334481'],
      QueryExecutionContext: { Database: place.database },
      WorkGroup: place.workGroup,
      ClientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(flowQueries['after-cut'].sql).not.toContain(caseId);
  });

  it('is followed to its end, and read to the last page', async () => {
    const { athena, clock, run } = scene('QUEUED', 'RUNNING', 'SUCCEEDED');
    athena
      .on(GetQueryResultsCommand)
      .resolvesOnce({
        ResultSet: { Rows: [row('peer', 'total_bytes'), row('203.0.113.5', '840')] },
        NextToken: 'more',
      })
      .resolves({ ResultSet: { Rows: [{ Data: [{ VarCharValue: '198.51.100.7' }, {}] }] } });
    expect(await run()).toEqual({
      columns: ['peer', 'total_bytes'],
      rows: [
        ['203.0.113.5', '840'],
        ['198.51.100.7', ''],
      ],
      executionId: 'q-1',
      scannedBytes: 4_096,
    });
    expect(clock.elapsed).toBe(2_000);
  });

  it.each(['FAILED', 'CANCELLED'])('that ended as %s is told with the reason', async (state) => {
    const { run } = scene('RUNNING', state);
    await expect(run()).rejects.toMatchObject({
      name: 'FlowQueryError',
      message: expect.stringContaining(`${state}: COLUMN_NOT_FOUND`),
    });
  });

  it('that takes too long is stopped, so that it costs no more', async () => {
    const { athena, run } = scene('RUNNING');
    await expect(run()).rejects.toMatchObject({ name: 'FlowQueryError' });
    expect(athena.commandCalls(StopQueryExecutionCommand)).toHaveLength(1);
  });
});
