import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client } from '../aws/client/ec2.ts';
import type { Clients, Deps } from '../aws/clients.ts';
import type { Log } from '../aws/log.ts';
import type { StepEntry, StepName, StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { describe } from '../steps/describe.ts';
import { runEntries } from './run-entries.ts';
import { parseStandaloneEvent } from './standalone-event.ts';

/** What a step works with: its clients, and the Region that it works in. */
export type FunctionDeps<Names extends keyof Clients> = Deps<Names> & { readonly region: string };

/**
 * One function of the state machine: a step, and how it reads its event. Lambda runs it with clients
 * of its own; by hand the same function runs in this process.
 */
export interface StepFunction<Names extends keyof Clients> {
  readonly step: StepName;
  readonly clients: (log: Log) => Pick<Clients, Names>;
  readonly run: (deps: FunctionDeps<Names>, event: unknown) => Promise<StepResult<object>>;
}

type Describing = 'ec2' | 'autoScaling';

export interface DescribedStep<Names extends keyof Clients, Input extends StepInput> {
  readonly step: StepName;
  /** The clients the step needs beside EC2's and Auto Scaling's, which describe needs anyway. */
  readonly clients?: (log: Log) => Pick<Clients, Names>;
  readonly run: (deps: Deps<Names | Describing>, input: Input) => Promise<StepResult<object>>;
}

const isStepInput = (event: unknown): event is StepInput & { readonly run?: unknown } =>
  typeof event === 'object' && event !== null && 'case' in event && 'before' in event;

/** The steps so far, as verify and the trail judge by them; the first is told by what it found. */
const withSteps = (
  event: StepInput & { readonly run?: unknown },
  now: Date,
): StepInput & { readonly steps?: readonly StepEntry[] } => {
  if (event.run === undefined) return event;
  const { case: theCase, before } = event;
  const described: StepEntry = {
    step: 'describe',
    outcome: 'done',
    startedAt: before.readAt,
    finishedAt: before.readAt,
    detail: { case: theCase, before },
  };
  return { ...event, steps: [described, ...runEntries(event.run, now)] };
};

/**
 * A step that works on a described instance. The state machine hands it the case and the
 * before-state; run alone, with `{"instanceId": "i-…"}`, it describes the instance first.
 */
export const describedStep = <
  Names extends keyof Clients = never,
  Input extends StepInput = StepInput,
>({
  step,
  clients,
  run,
}: DescribedStep<Names, Input>): StepFunction<Names | Describing> => ({
  step,
  clients: (log) =>
    ({
      ec2: makeEc2Client(log),
      autoScaling: makeAutoScalingClient(log),
      ...clients?.(log),
    }) as Pick<Clients, Names | Describing>,
  run: async (deps, event) => {
    if (isStepInput(event)) return run(deps, withSteps(event, deps.clock.now()) as Input);
    const { detail } = await describe(
      deps as unknown as Deps<Describing>,
      parseStandaloneEvent(event, deps.region),
    );
    return run(deps, { case: detail.case, before: detail.before } as Input);
  },
});
