import type { Readable } from 'node:stream';
import { ensureBuilt } from '../build/ensure-built.ts';
import type { Deployed } from './deploy.ts';
import type { Emulator, InvokeFunction } from './emulator.ts';
import { functionCode } from './function-code.ts';
import type { FunctionThread } from './function-thread.ts';
import { startFunctionThread } from './function-thread.ts';
import type { Template } from './template.ts';
import { functionsOf } from './template.ts';

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
}

const eachLine = (stream: Readable, onLine: (line: string) => void): void => {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
};

/** Runs the functions of the template from `dist/`; each thread starts with its first invocation. */
export const startLambdaService = async ({
  template,
  deployed,
  emulator,
  credentials = {},
  onLog = () => {},
}: LambdaServiceOptions): Promise<LambdaService> => {
  const functions = functionsOf(template);
  await ensureBuilt();
  const logicalIds = new Map(
    Object.entries(deployed.physicalIds).map(([logicalId, physicalId]) => [physicalId, logicalId]),
  );
  const threads = new Map<string, FunctionThread>();
  const threadOf = (logicalId: string): FunctionThread => {
    const running = threads.get(logicalId);
    if (running !== undefined) return running;
    const started = startFunctionThread({
      ...functionCode(template, logicalId),
      environment: {
        ...emulator.environment,
        ...deployed.environments[logicalId],
        ...credentials[logicalId],
        AWS_LAMBDA_FUNCTION_NAME: logicalId,
        AWS_SDK_UA_APP_ID: logicalId,
      },
      onOutput: (stream) => eachLine(stream, onLog),
    });
    threads.set(logicalId, started);
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
      return threadOf(logicalId).invoke(event);
    },
    warm: async () => {
      await Promise.all([...functions.keys()].map((logicalId) => threadOf(logicalId).ready));
    },
    stop: async () => {
      await Promise.all([...threads.values()].map((thread) => thread.stop()));
    },
  };
};
