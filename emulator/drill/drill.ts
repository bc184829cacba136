import { Command, CommanderError, Option } from 'commander';
import { Listr } from 'listr2';
import type { CaseReport } from '../../src/case/report.ts';
import type { EndedExecution } from '../follow/execution.ts';
import { publishedMessages } from '../follow/published.ts';
import type { Traffic } from '../proxy/traffic.ts';
import type { WorldKind } from '../world/sample-network.ts';
import type { DrillContext } from './drill-context.ts';
import { need } from './drill-context.ts';
import { writeDrillReport } from './drill-report.ts';
import { summaryOf } from './drill-summary.ts';
import type { DrillOptions } from './drill-tasks.ts';
import { drillTasks } from './drill-tasks.ts';

/** A GuardDuty finding contains an instance: real template, state machine and handlers. */
const drill = (context: DrillContext, json: boolean, options: DrillOptions) =>
  new Listr<DrillContext, 'default' | 'silent', 'simple'>(drillTasks(context, options), {
    renderer: json ? 'silent' : 'default',
    fallbackRenderer: 'simple',
    rendererOptions: { collapseSubtasks: false },
  });

/** A case that was not contained ends the execution without a report; its message carries it. */
const reportOf = (ended: EndedExecution, traffic: Traffic): CaseReport => {
  if (ended.output !== undefined) return ended.output as CaseReport;
  const last = publishedMessages(traffic).findLast((message) => message.report !== undefined);
  if (last === undefined) throw new Error(`The execution ended ${ended.status}: ${ended.cause}`);
  return last.report as CaseReport;
};

interface Output {
  /** True: one JSON object on standard output, and nothing else. */
  readonly json: boolean;
  /** Where the page of the case goes. */
  readonly report: string | undefined;
}

/** A page that nobody named a file for is written for people, and not for programs. */
const writesReport = ({ json, report }: Output): boolean => !json || report !== undefined;

const run = async (output: Output, options: DrillOptions): Promise<number> => {
  const { json } = output;
  const context: DrillContext = {};
  try {
    await drill(context, json, options).run();
    const emulator = need(context.emulator, 'emulator');
    const ended = need(context.ended, 'execution');
    const messages = publishedMessages(emulator.traffic);
    const apiCalls = need(context.apiCalls, 'count of calls');
    const { released, evidence } = context;
    const report = reportOf(ended, emulator.traffic);
    const page = writesReport(output)
      ? await writeDrillReport(context, report, output.report)
      : undefined;
    if (json) {
      const { executionArn } = ended;
      const drilled = { event: context.event, executionArn, apiCalls, messages };
      const given = released === undefined ? {} : { release: released };
      const kept = evidence === undefined ? {} : { evidence };
      console.log(JSON.stringify({ ...report, ...given, ...kept, drill: drilled }, null, 2));
    } else {
      const trail = need(context.trail, 'trail');
      console.log(
        summaryOf({ report, messages, trail, apiCalls, released, evidence, page: page?.file }),
      );
    }
    const isWhole = report.status === 'contained' && released?.status === 'released';
    return isWhole && page?.isVerified !== false ? 0 : 1;
  } finally {
    await context.stage?.stop();
    await context.emulator?.stop();
  }
};

const program = new Command('npm run drill')
  .description(
    'A GuardDuty finding contains an instance, and a person gives it back, on an AWS emulated in this machine.',
  )
  .option('--json', 'the case report on standard output')
  .option(
    '--evidence',
    'with every kind of evidence that needs no host and no hours, shown at the end',
  )
  .option('--report <file>', 'where the page of the case goes (default: a new temporary file)')
  .addOption(
    new Option('--world <kind>', 'where the suspect stands')
      .choices(['public', 'private'])
      .default('public'),
  )
  .exitOverride();

try {
  program.parse();
  const { json, world, evidence, report } = program.opts<{
    json?: true;
    report?: string;
    world: WorldKind;
    evidence?: true;
  }>();
  const options = { kind: world, evidence: evidence === true };
  process.exitCode = await run({ json: json === true, report }, options);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
