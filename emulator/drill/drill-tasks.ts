import type { ListrTask } from 'listr2';
import { setStage } from '../deploy/stage.ts';
import { startEmulator } from '../emulator.ts';
import { putEvent } from '../follow/event-bridge.ts';
import { awaitExecution, followExecution } from '../follow/execution.ts';
import { sampleEvent } from '../follow/finding.ts';
import { readTrail } from '../follow/trail.ts';
import { ensurePython } from '../moto/python.ts';
import type { WorldKind } from '../world/sample-network.ts';
import { buildSampleWorld } from '../world/sample-world.ts';
import { worldClients } from '../world/world-clients.ts';
import { countCalls } from './count-calls.ts';
import type { DrillContext } from './drill-context.ts';
import { need } from './drill-context.ts';
import { collectedEvidence, evidenceParameters } from './drill-evidence.ts';
import { releaseSuspect } from './drill-release.ts';
import { watched, watchStates } from './watched-states.ts';

type Task = ListrTask<DrillContext>;

export interface DrillOptions {
  readonly kind: WorldKind;
  /** Whether evidence is opted into, waited for, and shown. */
  readonly evidence: boolean;
}

const worldTitles: Readonly<Record<WorldKind, string>> = {
  public: 'A public web server: two in an Auto Scaling group, behind load balancers',
  private: 'The same servers in private subnets, behind a NAT gateway',
};

/** The account: Python, the emulator, a world in it, and Cordon deployed. */
const setUp = (context: DrillContext, { kind, evidence }: DrillOptions): Task[] => [
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
      const emulator = need(context.emulator, 'emulator');
      const parameters = evidence ? await evidenceParameters(emulator) : {};
      context.stage = await setStage(emulator, { parameters });
    },
  },
];

const sendFinding = (context: DrillContext): Task => ({
  title: 'A GuardDuty finding arrives on the event bus',
  task: async () => {
    const emulator = need(context.emulator, 'emulator');
    const { suspectId } = need(context.world, 'world');
    context.event = sampleEvent('guardduty-command-and-control', suspectId, new Date());
    emulator.traffic.clear();
    await putEvent(emulator, context.event);
    const { stateMachineArn } = need(context.stage, 'stage');
    context.executionArn = await awaitExecution(worldClients(emulator), stateMachineArn);
  },
});

const contain = (context: DrillContext): Task => ({
  title: 'The containment',
  task: (_, task) => {
    const { waiting, onEvent, release } = watchStates();
    const clients = worldClients(need(context.emulator, 'emulator'));
    const executionArn = need(context.executionArn, 'execution');
    const following = followExecution(clients, executionArn, onEvent).then((ended) => {
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
});

const collect = (context: DrillContext): Task => ({
  title: 'The evidence, collected beside the case',
  task: async () => {
    context.apiCalls = countCalls(need(context.emulator, 'emulator').traffic);
    context.evidence = await collectedEvidence(context);
  },
});

const giveBack = (context: DrillContext): Task => ({
  title: 'A false alarm: everything is given back',
  task: async (_, task) => {
    const emulator = need(context.emulator, 'emulator');
    context.apiCalls ??= countCalls(emulator.traffic);
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
});

/** The parts of a drill, in their order; each leaves in the context what the later ones need. */
export const drillTasks = (context: DrillContext, options: DrillOptions): Task[] => [
  ...setUp(context, options),
  sendFinding(context),
  contain(context),
  ...(options.evidence ? [collect(context)] : []),
  giveBack(context),
];
