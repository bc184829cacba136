import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { InvokeResult } from '../proxy/invocations.ts';

/** One function in a thread of its own, with an environment of its own. */
export interface FunctionThread {
  /** Settles when the handler's module was loaded. */
  readonly ready: Promise<void>;
  invoke(event: unknown): Promise<InvokeResult>;
  /** True while an event is being answered. */
  isBusy(): boolean;
  /** Sets all variables anew, for the events that follow; the module stays loaded. */
  changeEnvironment(environment: Readonly<Record<string, string>>): void;
  /** Whether this thread keeps the process alive. */
  hold(): void;
  letGo(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly ready?: true;
  readonly id?: number;
  readonly payload?: unknown;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

export interface FunctionThreadOptions {
  /** The module that exports the handler. */
  readonly file: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Gets what the function writes to standard output and standard error. */
  readonly onOutput: (stream: Readable) => void;
}

const workerFile = join(import.meta.dirname, 'function-worker.ts');

/** Starts the thread; the handler is loaded at once. */
export const startFunctionThread = ({
  file,
  exportName,
  environment,
  onOutput,
}: FunctionThreadOptions): FunctionThread => {
  const worker = new Worker(workerFile, {
    workerData: { file, exportName },
    env: { ...environment },
    stdout: true,
    stderr: true,
  });
  onOutput(worker.stdout);
  onOutput(worker.stderr);
  const waiting = new Map<number, (result: InvokeResult) => void>();
  const isReady = Promise.withResolvers<void>();
  let next = 0;
  const failAll = (errorType: string, errorMessage: string) => {
    isReady.resolve();
    for (const answer of waiting.values()) answer({ errorType, errorMessage });
    waiting.clear();
  };
  worker.on('message', ({ ready, id, payload, errorType, errorMessage }: Answer) => {
    if (ready === true) return isReady.resolve();
    const answer = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || answer === undefined) return;
    waiting.delete(id);
    answer(errorType === undefined ? { payload } : { errorType, errorMessage: errorMessage ?? '' });
  });
  worker.on('error', (error) => failAll('Runtime.ExitError', error.message));
  worker.on('exit', (code) => failAll('Runtime.ExitError', `The function exited with ${code}.`));
  return {
    ready: isReady.promise,
    invoke: (event) =>
      new Promise((resolve) => {
        next += 1;
        waiting.set(next, resolve);
        worker.postMessage({ id: next, event });
      }),
    isBusy: () => waiting.size > 0,
    changeEnvironment: (changed) => worker.postMessage({ environment: { ...changed } }),
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
    stop: async () => {
      await worker.terminate();
    },
  };
};
