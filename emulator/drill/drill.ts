import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { Command, CommanderError, Option } from 'commander';
import { Listr } from 'listr2';
import type { CaseReport } from '../../src/case/report.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import type { Stage } from '../deploy/stage.ts';
import { setStage } from '../deploy/stage.ts';
import type { Emulator } from '../emulator.ts';
import { startEmulator } from '../emulator.ts';
import { putEvent } from '../follow/event-bridge.ts';
import type { EndedExecution } from '../follow/execution.ts';
import { awaitExecution, followExecution } from '../follow/execution.ts';
import type { BridgeEvent } from '../follow/finding.ts';
import { sampleEvent } from '../follow/finding.ts';
import { publishedMessages } from '../follow/published.ts';
import { readTrail } from '../follow/trail.ts';
import { ensurePython } from '../moto/python.ts';
import type { Traffic } from '../proxy/traffic.ts';
import type { WorldKind } from '../world/sample-network.ts';
import type { SampleWorld } from '../world/sample-world.ts';
import { buildSampleWorld } from '../world/sample-world.ts';
import { worldClients } from '../world/world-clients.ts';
import { releaseSuspect } from './drill-release.ts';
import { summaryOf } from './drill-summary.ts';

/** A GuardDuty finding contains an instance: real template, state machine and handlers. */

/** States that a looker-on wants to see, with what they mean. */
const watched: Readonly<Record<string, string>> = {
  Describe: 'describe the instance, keep the before-state',
  PrepareIsolation: 'write what was before, prepare the isolation groups',
  IsolateNetwork: 'isolate every network interface',
  DetachAutoScaling: 'detach it from its Auto Scaling group',
  NotifyIsolation: 'first message: the cut was read back',
  ReinforceCut: 'cut what no security group cuts',
  DeregisterLoadBalancers: 'deregister it from every load balancer',
  Protect: 'protect it from termination, stop and loss of volumes',
  Snapshot: 'begin snapshots of all volumes',
  Verify: 'verify: read everything back',
  CloseTrail: 'close the trail',
  ReinforceLast: 'lower the idle timeouts',
  Notify: 'message: the case, proven',
  CheckSnapshots: 'follow the snapshots',
  NotifyEvidence: 'message: the evidence is complete',
};

interface Context {
  emulator?: Emulator;
  world?: SampleWorld;
  stage?: Stage;
  event?: BridgeEvent;
  executionArn?: string;
  ended?: EndedExecution;
  /** What the containment cost, counted before the release. */
  apiCalls?: { readonly total: number; readonly toIsolated: number };
  trail?: Awaited<ReturnType<typeof readTrail>>;
  released?: ReleaseResult;
}

const need = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new Error(`The drill has no ${name} yet`);
  return value;
};

/** One promise per watched state, kept when the state was left, by whatever way. */
const watchStates = () => {
  const waiting = new Map(
    Object.keys(watched).map((name) => [name, Promise.withResolvers<void>()] as const),
  );
  const onEvent = (event: HistoryEvent) => {
    const name = event.stateExitedEventDetails?.name;
    if (name !== undefined) waiting.get(name)?.resolve();
  };
  const release = () => {
    for (const one of waiting.values()) one.resolve();
  };
  return { waiting, onEvent, release };
};

const worldTitles: Readonly<Record<WorldKind, string>> = {
  public: 'A public web server: two in an Auto Scaling group, behind load balancers',
  private: 'The same servers in private subnets, behind a NAT gateway',
};

const drill = (context: Context, json: boolean, kind: WorldKind) =>
  new Listr<Context, 'default' | 'silent', 'simple'>(
    [
      {
        title: 'Python environment for the emulator (made on first use)',
        task: async (_, task) => {
          await ensurePython((line) => {
            task.output = line;
          });
        },
      },
      {
        title: 'An AWS account in this machine',
        task: async () => {
          context.emulator = await startEmulator();
        },
      },
      {
        title: worldTitles[kind],
        task: async () => {
          const emulator = need(context.emulator, 'emulator');
          context.world = await buildSampleWorld(emulator, worldClients(emulator), { kind });
        },
      },
      {
        title: 'template.yaml, transformed and deployed',
        task: async () => {
          context.stage = await setStage(need(context.emulator, 'emulator'));
        },
      },
      {
        title: 'A GuardDuty finding arrives on the event bus',
        task: async () => {
          const emulator = need(context.emulator, 'emulator');
          const { suspectId } = need(context.world, 'world');
          context.event = sampleEvent('guardduty-command-and-control', suspectId, new Date());
          emulator.traffic.clear();
          await putEvent(emulator, context.event);
          context.executionArn = await awaitExecution(
            worldClients(emulator),
            need(context.stage, 'stage').stateMachineArn,
          );
        },
      },
      {
        title: 'The containment',
        task: (_, task) => {
          const { waiting, onEvent, release } = watchStates();
          const clients = worldClients(need(context.emulator, 'emulator'));
          const following = followExecution(
            clients,
            need(context.executionArn, 'execution'),
            onEvent,
          ).then((ended) => {
            context.ended = ended;
            release();
          });
          return task.newListr(
            [
              ...[...waiting].map(([name, { promise }]) => ({
                title: watched[name] ?? name,
                task: () => promise,
              })),
              { title: 'the case has ended', task: () => following },
            ],
            { concurrent: true },
          );
        },
      },
      {
        title: 'A false alarm: everything is given back',
        task: async (_, task) => {
          const emulator = need(context.emulator, 'emulator');
          context.apiCalls = countCalls(emulator.traffic);
          context.trail = await readTrail(worldClients(emulator));
          const { output, executionArn } = need(context.ended, 'execution');
          if (output === undefined) {
            task.skip('the instance was not contained');
            return;
          }
          context.released = await releaseSuspect(
            worldClients(emulator),
            need(context.stage, 'stage'),
            executionArn.split(':').at(-1) ?? '',
            need(context.world, 'world').suspectId,
          );
        },
      },
    ],
    {
      renderer: json ? 'silent' : 'default',
      fallbackRenderer: 'simple',
      rendererOptions: { collapseSubtasks: false },
    },
  );

/** The calls that the functions made, the state machine's own left out. */
const countCalls = ({ calls }: Traffic): { total: number; toIsolated: number } => {
  const own = calls.filter((call) => call.functionName !== undefined && call.service !== 'lambda');
  // The idle timeouts, after the cut, are set by the same call.
  const cut = own.findLast(
    ({ action, params }) =>
      action === 'ModifyNetworkInterfaceAttribute' && String(params).includes('SecurityGroupId'),
  );
  return {
    total: own.length,
    toIsolated: cut === undefined ? 0 : own.filter((one) => one.endedAt <= cut.endedAt).length,
  };
};

/** A case that was not contained ends the execution without a report; its message carries it. */
const reportOf = (ended: EndedExecution, traffic: Traffic): CaseReport => {
  if (ended.output !== undefined) return ended.output as CaseReport;
  const last = publishedMessages(traffic).findLast((message) => message.report !== undefined);
  if (last === undefined) throw new Error(`The execution ended ${ended.status}: ${ended.cause}`);
  return last.report as CaseReport;
};

const run = async (json: boolean, kind: WorldKind): Promise<number> => {
  const context: Context = {};
  try {
    await drill(context, json, kind).run();
    const emulator = need(context.emulator, 'emulator');
    const ended = need(context.ended, 'execution');
    const messages = publishedMessages(emulator.traffic);
    const apiCalls = need(context.apiCalls, 'count of calls');
    const { released } = context;
    const report = reportOf(ended, emulator.traffic);
    if (json) {
      const { executionArn } = ended;
      const drilled = { event: context.event, executionArn, apiCalls, messages };
      const given = released === undefined ? {} : { release: released };
      console.log(JSON.stringify({ ...report, ...given, drill: drilled }, null, 2));
    } else {
      const trail = need(context.trail, 'trail');
      console.log(summaryOf({ report, messages, trail, apiCalls, released }));
    }
    return report.status === 'contained' && released?.status === 'released' ? 0 : 1;
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
  .addOption(
    new Option('--world <kind>', 'where the suspect stands')
      .choices(['public', 'private'])
      .default('public'),
  )
  .exitOverride();

try {
  program.parse();
  const { json, world } = program.opts<{ json?: true; world: WorldKind }>();
  process.exitCode = await run(json === true, world);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
