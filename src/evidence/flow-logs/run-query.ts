import { createHash } from 'node:crypto';
import type { AthenaClient, Row } from '@aws-sdk/client-athena';
import {
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { Clock } from '../../aws/clock.ts';
import { FlowQueryError } from '../../case/errors.ts';
import type { FlowQuery, QueryValues } from './queries.ts';
import { executionParameters } from './queries.ts';

/** Where a stack keeps what Athena knows of its flow logs. */
export interface QueryPlace {
  readonly database: string;
  readonly workGroup: string;
}

export interface QueryDeps {
  readonly athena: AthenaClient;
  readonly clock: Clock;
}

/** An answer as Athena gives it: every value is a text. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly executionId: string;
  readonly scannedBytes: number;
}

/** Between two looks, and altogether, in milliseconds. */
const between = 1_000;
const longest = 10 * 60_000;

/** Athena takes 32 to 128 characters; whoever repeats the call gets the query that runs already. */
const tokenOf = (place: QueryPlace, sql: string, parameters: readonly string[], at: Date): string =>
  createHash('sha256')
    .update(JSON.stringify([place, sql, parameters, at.toISOString()]))
    .digest('hex');

/** @throws FlowQueryError where the query fails, is stopped, or takes longer than ten minutes. */
const followQuery = async (
  { athena, clock }: QueryDeps,
  QueryExecutionId: string,
): Promise<number> => {
  const until = clock.now().getTime() + longest;
  while (clock.now().getTime() < until) {
    const { QueryExecution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    const { State, StateChangeReason = 'Athena gives no reason' } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (State === 'FAILED' || State === 'CANCELLED') {
      throw new FlowQueryError(
        `The query ${QueryExecutionId} ended as ${State}: ${StateChangeReason}; look at it in Athena.`,
      );
    }
    await clock.sleep(between);
  }
  await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  throw new FlowQueryError(
    `The query ${QueryExecutionId} was stopped after ten minutes; run it in Athena, over fewer days.`,
  );
};

const textsOf = ({ Data = [] }: Row): readonly string[] =>
  Data.map(({ VarCharValue = '' }) => VarCharValue);

/** The first row of the first page names the columns. */
const readAnswer = async (
  { athena }: QueryDeps,
  QueryExecutionId: string,
): Promise<Pick<QueryAnswer, 'columns' | 'rows'>> => {
  const rows: (readonly string[])[] = [];
  const pages = paginateGetQueryResults({ client: athena }, { QueryExecutionId });
  for await (const { ResultSet } of pages) rows.push(...(ResultSet?.Rows ?? []).map(textsOf));
  const [columns = [], ...rest] = rows;
  return { columns, rows: rest };
};

/**
 * Runs a query on Athena, and reads its whole answer.
 *
 * @throws FlowQueryError where Athena does not answer it.
 */
export const runQuery = async (
  deps: QueryDeps,
  place: QueryPlace,
  query: FlowQuery,
  values: QueryValues,
): Promise<QueryAnswer> => {
  const parameters = executionParameters(query, values);
  const { QueryExecutionId: executionId = '' } = await deps.athena.send(
    new StartQueryExecutionCommand({
      QueryString: query.sql,
      ExecutionParameters: [...parameters],
      QueryExecutionContext: { Database: place.database },
      WorkGroup: place.workGroup,
      ClientRequestToken: tokenOf(place, query.sql, parameters, deps.clock.now()),
    }),
  );
  const scannedBytes = await followQuery(deps, executionId);
  return { ...(await readAnswer(deps, executionId)), executionId, scannedBytes };
};
