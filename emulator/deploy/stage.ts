import { defined } from '../../src/case/defined.ts';
import type { Emulator, InvokeFunction } from '../emulator.ts';
import { startLambdaService } from '../lambda/lambda-service.ts';
import { ensurePython } from '../moto/python.ts';
import type { Deployed } from './deploy.ts';
import { deploy } from './deploy.ts';
import type { Template } from './template.ts';
import { readDefinition, readTemplate } from './template.ts';

/** The real template, deployed into the emulator, with its functions ready. */
export interface Stage {
  readonly template: Template;
  readonly deployed: Deployed;
  readonly stateMachineArn: string;
  /** Invokes a function by its logical id, as `aws lambda invoke` would. */
  readonly invoke: InvokeFunction;
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Logical id of a function → variables of its own, as `enforcePolicies` gives them. */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly onLog?: (line: string) => void;
  /** Whether the machine pauses for a second at most before it repeats a state; default false. */
  readonly hasty?: boolean;
  /** Whether the functions stay loaded for the next stack of this process; default false. */
  readonly keepLoaded?: boolean;
  /** Whether evidence is collected; default true. Without, the machine that collects ends at once. */
  readonly evidence?: boolean;
  /** Whether every function is started at once, as where time is measured; default true. */
  readonly warm?: boolean;
}

/** How often states are repeated stays as it is; how long the machine pauses between does not. */
const withShortPauses = (definition: string): string =>
  JSON.stringify(
    JSON.parse(definition, (key, value: unknown) =>
      key === 'Retry'
        ? (value as readonly object[]).map((retry) => ({
            ...retry,
            IntervalSeconds: 1,
            BackoffRate: 1,
          }))
        : value,
    ),
  );

const evidenceMachine = 'statemachine/evidence.asl.json';

/** A machine that does nothing. */
const endsAtOnce = JSON.stringify({ StartAt: 'Ended', States: { Ended: { Type: 'Succeed' } } });

/** Deploys template.yaml; parameters override, `Mode` is `contain` unless it is one of them. */
export const setStage = async (
  emulator: Emulator,
  {
    parameters = {},
    credentials = {},
    onLog,
    hasty = false,
    keepLoaded = false,
    evidence = true,
    warm = true,
  }: StageOptions = {},
): Promise<Stage> => {
  const template = readTemplate();
  const python = await ensurePython();
  const deployed = await deploy(emulator, python, {
    template,
    definitionOf: (uri) => {
      if (!evidence && uri === evidenceMachine) return endsAtOnce;
      return hasty ? withShortPauses(readDefinition(uri)) : readDefinition(uri);
    },
    templateOf: readTemplate,
    parameters: { Mode: 'contain', ...parameters },
    stackName: 'cordon',
  });
  const lambda = await startLambdaService({
    template,
    deployed,
    emulator,
    credentials,
    keepLoaded,
    ...defined({ onLog }),
  });
  emulator.onInvoke(lambda.invoke);
  if (warm) await lambda.warm();
  return {
    template,
    deployed,
    stateMachineArn: deployed.physicalIds.ContainmentStateMachine ?? '',
    invoke: lambda.invoke,
    stop: lambda.stop,
  };
};
