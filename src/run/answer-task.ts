import type { Clients, Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { asCordonError } from '../aws/errors.ts';
import { defined } from '../case/defined.ts';
import { fitEntry } from '../case/entry-size.ts';
import type { CaseReport } from '../case/report.ts';
import { assembleReport } from '../case/report.ts';
import type { StepEntry } from '../case/step.ts';
import { checkSnapshotsFunction } from '../functions/check-snapshots.ts';
import { collectEvidenceFunction } from '../functions/collect-evidence.ts';
import { deregisterLoadBalancersFunction } from '../functions/deregister-load-balancers.ts';
import { describeFunction } from '../functions/describe.ts';
import { detachAutoScalingFunction } from '../functions/detach-auto-scaling.ts';
import { isolateNetworkFunction } from '../functions/isolate-network.ts';
import { notifyFunction } from '../functions/notify.ts';
import { prepareIsolationFunction } from '../functions/prepare-isolation.ts';
import { protectFunction } from '../functions/protect.ts';
import { reinforceCutFunction } from '../functions/reinforce-cut.ts';
import { parseReportEvent } from '../functions/report-event.ts';
import { snapshotFunction } from '../functions/snapshot.ts';
import type { FunctionDeps, StepFunction } from '../functions/step-function.ts';
import { tagFunction } from '../functions/tag.ts';
import { verifyFunction } from '../functions/verify.ts';
import type { Watcher } from './conduct.ts';
import { entryUnlessStopped, leftOut, withInterruption } from './interruption.ts';
import type { Task } from './machine.ts';
import { failedEntry, runStep } from './run-step.ts';

type RunbookClients = Exclude<
  keyof Clients,
  'sqs' | 'dynamoDb' | 'cloudWatch' | 'stepFunctions' | 'cloudFormation'
>;

export type RunbookDeps = Deps<RunbookClients> & {
  /** Settings that were not understood, to be told with the report. */
  readonly settingWarnings?: readonly string[];
};

/** The functions of the state machine, by their logical ids in the template. */
const functions: Readonly<Record<string, Pick<StepFunction<RunbookClients>, 'step' | 'run'>>> = {
  CheckSnapshotsFunction: checkSnapshotsFunction,
  CollectEvidenceFunction: collectEvidenceFunction,
  DeregisterLoadBalancersFunction: deregisterLoadBalancersFunction,
  DescribeFunction: describeFunction,
  DetachAutoScalingFunction: detachAutoScalingFunction,
  IsolateNetworkFunction: isolateNetworkFunction,
  NotifyFunction: notifyFunction,
  PrepareIsolationFunction: prepareIsolationFunction,
  ProtectFunction: protectFunction,
  ReinforceCutFunction: reinforceCutFunction,
  SnapshotFunction: snapshotFunction,
  TagFunction: tagFunction,
  VerifyFunction: verifyFunction,
};

/** Whoever is asked to end has one message left, the last, and is not kept waiting before it. */
const leftOutBeforeTheEnd: ReadonlySet<string> = new Set([
  'ReportIsolation',
  'NotifyIsolation',
  'IsolateAtLast',
]);

/** Whoever mistyped an id reads the answer; a message about an instance that is none wakes others. */
const isMisnamed = ({ trigger, steps }: CaseReport): boolean =>
  trigger.source === 'manual' &&
  steps.some(({ step, error }) => step === 'describe' && error?.code === 'InstanceNotFoundError');

/** What is known of a run besides the state that the machine carries. */
export interface Story {
  report?: CaseReport;
  told?: StepEntry;
  isolated?: StepEntry;
  /** The last failure of each task that threw, should the machine give it up. */
  readonly failures: Map<string, StepEntry>;
}

export const nobody: Watcher = { began: () => {}, ended: () => {} };

/** What the tasks of one run are answered with. */
export interface Run {
  readonly deps: RunbookDeps;
  readonly functionDeps: FunctionDeps<RunbookClients>;
  readonly watcher: Watcher;
  readonly stop: AbortSignal | undefined;
  readonly story: Story;
}

/** What the report function would answer; the last report is kept, because the run is about it. */
const report = ({ deps, story }: Run, event: unknown): CaseReport => {
  const input = parseReportEvent(event, deps.clock.now());
  const { settingWarnings } = deps;
  const assembled = assembleReport({ ...input, ...defined({ settingWarnings }) });
  if (!input.finished) return assembled;
  story.report = withInterruption(assembled);
  return story.report;
};

const notApplicable = ({ deps: { clock } }: Run, step: StepEntry['step']): StepEntry => {
  const at = clock.now().toISOString();
  return { step, outcome: 'not-applicable', startedAt: at, finishedAt: at, detail: {} };
};

/** Runs the function of a task, within the time that the state machine gives it. */
const runTask = async (
  { deps, functionDeps, watcher, stop, story }: Run,
  { name, functionId, timeoutSeconds }: Task,
  event: unknown,
): Promise<StepEntry> => {
  const { clock, log } = deps;
  const called = functions[functionId];
  if (called === undefined) throw new Error(`Nothing answers for ${functionId}.`);
  const { step } = called;
  const left = leftOut(clock, step, stop);
  if (left !== undefined) {
    watcher.ended(left);
    return left;
  }
  watcher.began(step);
  const startedAt = clock.now().toISOString();
  const work = () => runStep(deps, step, () => called.run(functionDeps, event));
  try {
    const running = giveUpAfter(clock, timeoutSeconds * 1_000, work);
    const entry = await entryUnlessStopped(clock, step, stop, running);
    watcher.ended(entry);
    const fitted = fitEntry(entry);
    if (fitted !== entry) log.info('the whole result of the step', { entry });
    return fitted;
  } catch (error) {
    const failure = asCordonError(error, `The step ${step}`);
    log.error('a step failed', { step, code: failure.name, error: failure.message });
    story.failures.set(name, failedEntry(clock, step, startedAt, failure));
    throw failure;
  }
};

/** Answers a task with the function that Lambda would run, or with what a person at a keyboard needs. */
export const answerTask = async (run: Run, task: Task, event: unknown): Promise<unknown> => {
  const { stop, story } = run;
  const early = stop?.aborted === true && leftOutBeforeTheEnd.has(task.name);
  switch (task.functionId) {
    case 'ReportFunction':
      return early ? {} : report(run, event);
    case 'NotifyFunction': {
      if (early || (story.report !== undefined && isMisnamed(story.report))) {
        return notApplicable(run, 'notify');
      }
      const entry = await runTask(run, task, event);
      if (task.name === 'Notify') story.told = entry;
      return entry;
    }
    // Snapshots complete hours later: nobody waits for them at a keyboard.
    case 'CheckSnapshotsFunction':
      return notApplicable(run, 'check-snapshots');
    case 'IsolateNetworkFunction': {
      if (early) return story.isolated ?? story.failures.get('IsolateWithoutTransition');
      const entry = await runTask(run, task, event);
      story.isolated = entry;
      return entry;
    }
    default:
      return runTask(run, task, event);
  }
};
