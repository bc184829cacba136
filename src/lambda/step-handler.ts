import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client } from '../aws/client/ec2.ts';
import type { Clients, Deps } from '../aws/clients.ts';
import type { Log } from '../aws/log.ts';
import type { StepEntry, StepName, StepResult } from '../case/step.ts';
import { describe } from '../steps/describe.ts';
import type { StepInput } from '../steps/step-input.ts';
import { functionHandler } from './function-handler.ts';
import { parseStandaloneEvent } from './standalone-event.ts';
import { stepEntries } from './step-entries.ts';

type Describing = 'ec2' | 'autoScaling';

export interface StepDefinition<Names extends keyof Clients, Input extends StepInput> {
  readonly step: StepName;
  /** The clients the step needs beside EC2's and Auto Scaling's, which describe needs anyway. */
  readonly clients?: (log: Log) => Pick<Clients, Names>;
  readonly run: (deps: Deps<Names | Describing>, input: Input) => Promise<StepResult<object>>;
}

const isStepInput = (event: unknown): event is StepInput =>
  typeof event === 'object' && event !== null && 'case' in event && 'before' in event;

/** The case and the world before come with the event, once: the entry of describe is without them. */
const withDescription = (entry: StepEntry, { case: theCase, before }: StepInput): StepEntry =>
  entry.step === 'describe' ? { ...entry, detail: { case: theCase, before } } : entry;

/** The state machine collects the entries of steps in nested lists. */
const withEntries = (event: StepInput & { readonly steps?: unknown }): StepInput => {
  if (!Array.isArray(event.steps)) return event;
  const steps = stepEntries(event.steps).map((entry) => withDescription(entry, event));
  return { ...event, steps } as StepInput;
};

/**
 * A step that works on a described instance. The state machine hands it the case and the
 * before-state; run alone, with `{"instanceId": "i-…"}`, it describes the instance first.
 */
export const stepHandler = <
  Names extends keyof Clients = never,
  Input extends StepInput = StepInput,
>({
  step,
  clients,
  run,
}: StepDefinition<Names, Input>): ((event: unknown) => Promise<StepEntry>) =>
  functionHandler<Names | Describing>({
    step,
    clients: (log) =>
      ({
        ec2: makeEc2Client(log),
        autoScaling: makeAutoScalingClient(log),
        ...clients?.(log),
      }) as Pick<Clients, Names | Describing>,
    run: async (deps, event) => {
      if (isStepInput(event)) return run(deps, withEntries(event) as Input);
      const { detail } = await describe(
        deps as unknown as Deps<Describing>,
        parseStandaloneEvent(event, deps.region),
      );
      return run(deps, { case: detail.case, before: detail.before } as Input);
    },
  });
