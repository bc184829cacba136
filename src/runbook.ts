import type { Clients, Deps } from './aws/clients.ts';
import { asCordonError } from './aws/errors.ts';
import type { Case } from './case/case.ts';
import type { DescribeDetail, PrepareDetail } from './case/details.ts';
import { AwsUnavailableError } from './case/errors.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import type { StepEntry, StepName, StepResult } from './case/step.ts';
import { entryUnlessStopped, leftOut, withInterruption } from './interruption.ts';
import { failedEntry, timed } from './record.ts';
import { deregisterLoadBalancers } from './steps/deregister-load-balancers.ts';
import { describe } from './steps/describe.ts';
import { detachAutoScaling } from './steps/detach-auto-scaling.ts';
import { isolateNetwork } from './steps/isolate-network.ts';
import { notify } from './steps/notify.ts';
import { prepareIsolation } from './steps/prepare-isolation.ts';
import { protect } from './steps/protect.ts';
import { reinforceCut } from './steps/reinforce-cut.ts';
import { snapshot } from './steps/snapshot.ts';
import type { StepInput } from './steps/step-input.ts';
import { tag } from './steps/tag.ts';
import { verify } from './steps/verify.ts';

export type RunbookDeps = Deps<Exclude<keyof Clients, 'sqs' | 'stepFunctions'>> & {
  /** Settings that were not understood, to be told with the report. */
  readonly settingWarnings?: readonly string[];
};

/** Told of each step as it begins and ends, for whoever looks on. */
export interface Watcher {
  began(step: StepName): void;
  ended(entry: StepEntry): void;
}

/** How a run is accompanied. */
export interface Conduct {
  readonly watcher?: Watcher;
  /** Aborted when the run is to end early: the cut is finished and told, the rest is left out. */
  readonly stop?: AbortSignal;
}

const nobody: Watcher = { began: () => {}, ended: () => {} };

/** As often as the state machine runs a step that AWS was too busy for. */
const attempts = 3;
const pauseBetweenAttempts = 1_000;

/** What is prepared when preparing failed: isolation then says what is missing. */
const nothingPrepared: PrepareDetail = { groups: {}, originals: {}, risks: [] };

/** Whoever mistyped an id reads the answer; a message about an instance that is none wakes others. */
const isMisnamed = ({ trigger }: Case, { error }: StepEntry): boolean =>
  trigger.source === 'manual' && error?.code === 'InstanceNotFoundError';

/**
 * The runbook in one process: the same steps, order and parallelism as the state machine, for the
 * on-call when Step Functions is not deployed, slow or broken.
 */
class Runbook {
  readonly #deps: RunbookDeps;
  readonly #watcher: Watcher;
  /** Aborted when the run is asked to end: the cut is finished, the rest is left out. */
  readonly #stop: AbortSignal | undefined;
  readonly #entries: StepEntry[] = [];

  constructor(deps: RunbookDeps, { watcher = nobody, stop }: Conduct) {
    this.#deps = deps;
    this.#watcher = watcher;
    this.#stop = stop;
  }

  /** Runs a step; what it throws becomes its entry, so that nothing keeps the others. */
  async #run<Detail extends object>(
    step: StepName,
    run: (attempt: number) => Promise<StepResult<Detail>>,
  ): Promise<StepEntry<Detail> | StepEntry> {
    const { clock, log } = this.#deps;
    const startedAt = clock.now().toISOString();
    const left = leftOut(clock, step, this.#stop);
    if (left !== undefined) return this.#record(left);
    this.#watcher.began(step);
    const attempted = (async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return { ...(await timed(clock, step, () => run(attempt))), startedAt };
        } catch (error) {
          const failure = asCordonError(error, step);
          log.error('a step failed', { step, attempt, code: failure.name, error: failure.message });
          if (!(failure instanceof AwsUnavailableError) || attempt >= attempts) {
            return failedEntry(clock, step, startedAt, failure);
          }
          await clock.sleep(pauseBetweenAttempts);
        }
      }
    })();
    return this.#record(await entryUnlessStopped(clock, step, this.#stop, attempted));
  }

  #record<Entry extends StepEntry>(entry: Entry): Entry {
    this.#entries.push(entry);
    this.#watcher.ended(entry);
    return entry;
  }

  #report(theCase: Case, finished: boolean): CaseReport {
    const { clock, settingWarnings } = this.#deps;
    const report = assembleReport({
      case: theCase,
      steps: this.#entries,
      finished,
      now: clock.now(),
      ...(settingWarnings === undefined ? {} : { settingWarnings }),
    });
    return finished ? withInterruption(report) : report;
  }

  async #finish(theCase: Case): Promise<CaseReport> {
    const entry = await this.#run('notify', () => notify(this.#deps, this.#report(theCase, true)));
    const report = this.#report(theCase, true);
    return entry.outcome === 'failed'
      ? { ...report, reason: `${report.reason} Nobody was told: ${entry.error?.message}` }
      : report;
  }

  async #network(input: StepInput): Promise<void> {
    const detached = this.#run('detach-auto-scaling', () => detachAutoScaling(this.#deps, input));
    const preparing = await this.#run('prepare-isolation', () =>
      prepareIsolation(this.#deps, input),
    );
    const prepared =
      preparing.outcome === 'failed' ? nothingPrepared : (preparing.detail as PrepareDetail);
    const isolate = (attempt: number) =>
      isolateNetwork(this.#deps, { ...input, prepared, detached, again: attempt > 1 });
    let isolated = await this.#run('isolate-network', isolate);
    if (isolated.outcome === 'failed') {
      isolated = await this.#run('isolate-network', () =>
        isolateNetwork(this.#deps, { ...input, prepared, again: true, connectionCut: 'none' }),
      );
    }
    await detached;
    // Beside the message; and all the more where the groups could not be changed.
    const reinforced = this.#run('reinforce-cut', () => reinforceCut(this.#deps, input));
    // A repeat has been told of already; a failure is told of at the end, with the proof.
    // Whoever is asked to end has one message left, the last.
    if (isolated.outcome === 'done' && this.#stop?.aborted !== true) {
      await this.#run('notify', () => notify(this.#deps, this.#report(input.case, false)));
    }
    await reinforced;
  }

  async contain(seed: Case): Promise<CaseReport> {
    const deps = this.#deps;
    const described = await this.#run('describe', () =>
      describe(deps, { instanceId: seed.instanceId, region: seed.region, case: seed }),
    );
    if (described.outcome === 'failed') {
      return isMisnamed(seed, described) ? this.#report(seed, true) : this.#finish(seed);
    }
    const { case: theCase, before, skip } = described.detail as DescribeDetail;
    if (skip !== undefined) return this.#finish(theCase);
    const input: StepInput = { case: theCase, before };
    await Promise.all([
      this.#network(input),
      this.#run('deregister-load-balancers', (attempt) =>
        deregisterLoadBalancers(deps, { ...input, attempt: attempt - 1 }),
      ),
      this.#run('protect', () => protect(deps, input)),
      this.#run('snapshot', () => snapshot(deps, input)),
      this.#run('tag', () => tag(deps, input)),
    ]);
    await this.#run('verify', () => verify(deps, { ...input, steps: this.#entries }));
    await this.#run('tag', () => tag(deps, { ...input, steps: this.#entries }));
    return this.#finish(theCase);
  }
}

/** Contains one instance and tells. Never throws: whatever fails stands in the report. */
export const contain = (
  deps: RunbookDeps,
  theCase: Case,
  conduct: Conduct = {},
): Promise<CaseReport> => new Runbook(deps, conduct).contain(theCase);
