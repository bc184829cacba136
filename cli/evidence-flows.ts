import type { Command } from 'commander';
import { Option } from 'commander';
import { makeAthenaClient } from '../src/aws/client/athena.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import { settlingSeconds } from '../src/evidence/flow-logs/measure.ts';
import { readCutSeenAt } from '../src/evidence/flow-logs/measured-cut.ts';
import type { FlowQueryName } from '../src/evidence/flow-logs/queries.ts';
import { flowQueries, flowQueryNames } from '../src/evidence/flow-logs/queries.ts';
import type { QueryPlace } from '../src/evidence/flow-logs/run-query.ts';
import { runQuery } from '../src/evidence/flow-logs/run-query.ts';
import { flowsText } from '../src/notify/flows-text.ts';
import { getObject } from '../src/record/evidence-store/objects.ts';
import type { EvidenceConnection, EvidenceOptions } from './evidence-connection.ts';
import { connectToEvidence } from './evidence-connection.ts';
import { evidenceSubcommand, orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { print, tell } from './output.ts';

interface FlowsOptions extends EvidenceOptions {
  readonly query: FlowQueryName;
  readonly since?: string;
}

/** @throws InvalidSettingsError where the stack logs no traffic. */
const placeOf = ({ outputs }: EvidenceConnection, { stack }: EvidenceOptions): QueryPlace => {
  const { FlowDatabase: database = '', FlowWorkGroup: workGroup = '' } = outputs;
  if (database === '' || workGroup === '') {
    throw new InvalidSettingsError(
      `The stack "${stack}" logs no traffic, so nothing can be asked: deploy it with FlowLogs=true.`,
    );
  }
  return { database, workGroup };
};

/** The first second of which a record counts, by what the person says or what was measured. */
const sinceOf = async (
  { store, bucket, case: theCase }: EvidenceConnection,
  { since }: FlowsOptions,
): Promise<number> => {
  if (since !== undefined) {
    const at = Date.parse(since);
    if (Number.isNaN(at)) {
      throw new InvalidSettingsError(
        `--since ${quoted(since, 80)} is no time; accepted is 2026-03-01T03:07:30Z.`,
      );
    }
    return Math.ceil(at / 1_000);
  }
  const piece = await store.find('flow-logs', 'measured-cut.json');
  const seen =
    piece?.object === undefined
      ? undefined
      : readCutSeenAt(Buffer.from(await getObject(bucket, piece.object)).toString('utf8'));
  if (seen === undefined) {
    throw new InvalidSettingsError(
      `The cut of ${theCase.caseId} is not measured (yet), so its time is not known here: name it with --since 2026-03-01T03:07:30Z.`,
    );
  }
  return Math.ceil(seen.getTime() / 1_000) + settlingSeconds;
};

const showAnswer = async (
  connection: EvidenceConnection,
  place: QueryPlace,
  since: number,
  options: FlowsOptions,
): Promise<void> => {
  const { store, case: theCase, clock, log } = connection;
  const { caseId, region } = theCase;
  const query = flowQueries[options.query];
  // Whoever reads evidence says so first.
  const detail = `cordon evidence flows --query ${options.query}`;
  await store.hand({ what: 'analysed', piece: 'flow-logs', detail });
  const athena = makeAthenaClient(log, region);
  const answer = await runQuery({ athena, clock }, place, query, { caseId, since });
  const rows = answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map((name, at) => [name, row[at] ?? ''])),
  );
  const { executionId, scannedBytes } = answer;
  print(
    options.json === true
      ? JSON.stringify({ caseId, query: options.query, rows, executionId, scannedBytes }, null, 2)
      : flowsText({ caseId, query: options.query, what: query.what, rows }),
  );
};

const flows = async (text: string, options: FlowsOptions): Promise<number> => {
  const connection = await connectToEvidence(text, options);
  const place = placeOf(connection, options);
  const needsCut = options.query === 'after-cut';
  const since = needsCut ? await sinceOf(connection, options) : 0;
  try {
    await showAnswer(connection, place, since, options);
    return exitCodes.done;
  } catch (error) {
    // How the instance stands was not asked.
    tell(asCordonError(error, 'Asking Athena').message);
    return exitCodes.person;
  }
};

/** `cordon evidence flows <case | instance>` */
export const addEvidenceFlowsCommand = (
  evidence: Command,
  onExitCode: (code: number) => void,
): void => {
  evidenceSubcommand(
    evidence,
    'flows',
    'Ask the flow logs of a case on Athena, and print the answer.',
  )
    .addOption(
      new Option('--query <name>', 'what is asked').choices([...flowQueryNames]).default('talkers'),
    )
    .option('--since <time>', 'after-cut: from when records count, instead of the measured cut')
    .action(async (subject: string, options: FlowsOptions) => {
      onExitCode(await orPersonDecides(flows(subject, options)));
    });
};
