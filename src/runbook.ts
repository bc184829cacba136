import type { Clients, Deps } from './aws/clients.ts';
import type { Case } from './case/case.ts';
import type { DescribeDetail, PrepareDetail } from './case/details.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import type { StepEntry, StepName } from './case/step.ts';
import { withInterruption } from './interruption.ts';
import type { Conduct, StepRunner, Tries } from './step-runner.ts';
import { stepRunner } from './step-runner.ts';
import { deregisterLoadBalancers } from './steps/deregister-load-balancers.ts';
import { describe } from './steps/describe.ts';
import { detachAutoScaling } from './steps/detach-auto-scaling.ts';
import type { IsolateInput } from './steps/isolate-network.ts';
import { isolateNetwork } from './steps/isolate-network.ts';
import { notify } from './steps/notify.ts';
import { prepareIsolation } from './steps/prepare-isolation.ts';
import { protect } from './steps/protect.ts';
import { reinforceCut } from './steps/reinforce-cut.ts';
import { snapshot } from './steps/snapshot.ts';
import type { StepInput } from './steps/step-input.ts';
import { tag } from './steps/tag.ts';
import { verify } from './steps/verify.ts';

export type RunbookDeps = Deps<
  Exclude<keyof Clients, 'sqs' | 'stepFunctions' | 'ssm' | 'cloudFormation'>
> & {
  /** Settings that were not understood, to be told with the report. */
  readonly settingWarnings?: readonly string[];
};

/** What the cut needs keeps its own time; nobody is told before it has given up. */
const beforeTheCut: Tries = { attempts: 2, pause: 1_000 };

/** A change of groups that failed is followed at once: by another way, or by a message. */
const once: Tries = { attempts: 1, pause: 0 };

/** With patience: what AWS would not do within seconds it may do within minutes. */
const atLast: Tries = { attempts: 6, pause: 10_000 };

/** What is prepared when preparing failed: isolation then says what is missing. */
const nothingPrepared: PrepareDetail = { groups: {}, originals: {}, risks: [] };

/** What the first message tells of, in the state machine as here. */
const aboutTheCut: ReadonlySet<StepName> = new Set([
  'describe',
  'prepare-isolation',
  'isolate-network',
]);

/** Whoever mistyped an id reads the answer; a message about an instance that is none wakes others. */
const isMisnamed = ({ trigger }: Case, { error }: StepEntry): boolean =>
  trigger.source === 'manual' && error?.code === 'InstanceNotFoundError';

/**
 * The runbook in one process: the same steps, order and parallelism as the state machine, for the
 * on-call when Step Functions is not deployed, slow or broken.
 */
class Runbook {
  readonly #deps: RunbookDeps;
  /** Aborted when the run is asked to end: the cut is finished, the rest is left out. */
  readonly #stop: AbortSignal | undefined;
  readonly #steps: StepRunner;

  constructor(deps: RunbookDeps, conduct: Conduct) {
    this.#deps = deps;
    this.#stop = conduct.stop;
    this.#steps = stepRunner(deps, conduct);
  }

  #report(theCase: Case, finished: boolean): CaseReport {
    const { clock, settingWarnings } = this.#deps;
    const { entries } = this.#steps;
    const report = assembleReport({
      case: theCase,
      steps: finished ? entries : entries.filter(({ step }) => aboutTheCut.has(step)),
      finished,
      now: clock.now(),
      ...(settingWarnings === undefined ? {} : { settingWarnings }),
    });
    return finished ? withInterruption(report) : report;
  }

  #tell(theCase: Case, finished: boolean): Promise<StepEntry> {
    return this.#steps.run('notify', () => notify(this.#deps, this.#report(theCase, finished)));
  }

  async #finish(theCase: Case): Promise<CaseReport> {
    const entry = await this.#tell(theCase, true);
    const report = this.#report(theCase, true);
    return entry.outcome === 'failed'
      ? { ...report, reason: `${report.reason} Nobody was told: ${entry.error?.message}` }
      : report;
  }

  async #prepare(input: StepInput): Promise<PrepareDetail> {
    const prepare = () => prepareIsolation(this.#deps, input);
    const entry = await this.#steps.run('prepare-isolation', prepare, beforeTheCut);
    return entry.outcome === 'failed' ? nothingPrepared : (entry.detail as PrepareDetail);
  }

  async #cut(input: StepInput, prepared: PrepareDetail): Promise<void> {
    const isolate = (tries: Tries, more: Partial<IsolateInput> = {}) => {
      const work = () => isolateNetwork(this.#deps, { ...input, prepared, ...more });
      return this.#steps.run('isolate-network', work, tries);
    };
    const straight = { again: true, connectionCut: 'none' } as const;
    let isolated = await isolate(once);
    if (isolated.outcome === 'failed') isolated = await isolate(once, straight);
    const open = isolated.outcome === 'failed';
    // Whoever is asked to end has one message left, the last, and is not kept waiting for it.
    const goesOn = this.#stop?.aborted !== true;
    // A repeat has been told of already.
    const isNews = open || isolated.outcome === 'done';
    await Promise.all([
      isNews && goesOn ? this.#tell(input.case, false) : undefined,
      this.#steps.run('reinforce-cut', () => reinforceCut(this.#deps, input)),
      open && goesOn ? isolate(atLast, straight) : undefined,
    ]);
  }

  /** Side by side, with the cut waiting for none of the others. */
  async #change(input: StepInput): Promise<void> {
    const deps = this.#deps;
    const { run } = this.#steps;
    // What was before is written ahead of every change; the groups are made ready beside it.
    const prepared = await this.#prepare(input);
    await Promise.all([
      this.#cut(input, prepared),
      run('detach-auto-scaling', () => detachAutoScaling(deps, input)),
      run('deregister-load-balancers', (attempt) =>
        deregisterLoadBalancers(deps, { ...input, attempt: attempt - 1 }),
      ),
      run('protect', () => protect(deps, input)),
      run('snapshot', () => snapshot(deps, input)),
    ]);
  }

  async contain(seed: Case): Promise<CaseReport> {
    const deps = this.#deps;
    const { run, entries } = this.#steps;
    const { instanceId, region } = seed;
    const look = () => describe(deps, { instanceId, region, case: seed });
    const described = await run('describe', look, beforeTheCut);
    if (described.outcome === 'failed') {
      return isMisnamed(seed, described) ? this.#report(seed, true) : this.#finish(seed);
    }
    const { case: theCase, before, skip } = described.detail as DescribeDetail;
    if (skip !== undefined) return this.#finish(theCase);
    const input: StepInput = { case: theCase, before };
    await this.#change(input);
    await run('verify', () => verify(deps, { ...input, steps: entries }));
    await run('tag', () => tag(deps, { ...input, steps: entries }));
    return this.#finish(theCase);
  }
}

/** Contains one instance and tells. Never throws: whatever fails stands in the report. */
export const contain = (
  deps: RunbookDeps,
  theCase: Case,
  conduct: Conduct = {},
): Promise<CaseReport> => new Runbook(deps, conduct).contain(theCase);
