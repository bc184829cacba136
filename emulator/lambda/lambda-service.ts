import { ensureBuilt } from '../../build/ensure-built.ts';
import type { Deployed } from '../deploy/deploy.ts';
import type { Template } from '../deploy/template.ts';
import { functionsOf } from '../deploy/template.ts';
import type { Emulator, InvokeFunction } from '../emulator.ts';
import { functionCode } from './function-code.ts';
import type { PooledFunction } from './function-pool.ts';
import { takeFunction } from './function-pool.ts';

/** The functions of a deployed template, the built ones, each in its own thread. */
export interface LambdaService {
  readonly invoke: InvokeFunction;
  /** Starts every function, so that no cold start of this machine is measured. */
  warm(): Promise<void>;
  stop(): Promise<void>;
}

export interface LambdaServiceOptions {
  readonly template: Template;
  readonly deployed: Deployed;
  readonly emulator: Emulator;
  /** Logical id of a function → variables of its own, such as the session of a role. */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Gets one log line of a function at a time. */
  readonly onLog?: (line: string) => void;
  /** Whether the functions stay loaded for the next stack of this process; default false. */
  readonly keepLoaded?: boolean;
}

/** Runs the functions of the template from `dist/`; each thread starts with its first invocation. */
export const startLambdaService = async ({
  template,
  deployed,
  emulator,
  credentials = {},
  onLog = () => {},
  keepLoaded = false,
}: LambdaServiceOptions): Promise<LambdaService> => {
  const functions = functionsOf(template);
  await ensureBuilt();
  const logicalIds = new Map(
    Object.entries(deployed.physicalIds).map(([logicalId, physicalId]) => [physicalId, logicalId]),
  );
  const taken = new Map<string, PooledFunction>();
  const functionOf = (logicalId: string): PooledFunction => {
    const running = taken.get(logicalId);
    if (running !== undefined) return running;
    const started = takeFunction({
      code: functionCode(template, logicalId),
      environment: {
        ...emulator.environment,
        ...deployed.environments[logicalId],
        ...credentials[logicalId],
        AWS_LAMBDA_FUNCTION_NAME: logicalId,
        EMULATED_FUNCTION_ARN: `arn:aws:lambda:${emulator.region}:${emulator.accountId}:function:${deployed.physicalIds[logicalId] ?? logicalId}`,
        AWS_SDK_UA_APP_ID: logicalId,
      },
      onLog,
    });
    taken.set(logicalId, started);
    return started;
  };
  return {
    invoke: async (functionName, event) => {
      const logicalId = logicalIds.get(functionName) ?? functionName;
      if (!functions.has(logicalId)) {
        return {
          errorType: 'ResourceNotFoundException',
          errorMessage: `No function ${functionName}`,
        };
      }
      return functionOf(logicalId).invoke(event);
    },
    warm: async () => {
      await Promise.all([...functions.keys()].map((logicalId) => functionOf(logicalId).ready));
    },
    stop: async () => {
      await Promise.all([...taken.values()].map((one) => one.release(keepLoaded)));
    },
  };
};
