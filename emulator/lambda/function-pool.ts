import type { Readable } from 'node:stream';
import type { FunctionCode } from './function-code.ts';
import type { FunctionThread } from './function-thread.ts';
import { startFunctionThread } from './function-thread.ts';

/** A function of one stack, in a thread that may have served an earlier stack. */
export interface PooledFunction extends Pick<FunctionThread, 'invoke' | 'ready'> {
  /** Gives the thread back for the next stack, or ends it; one that is still at work is ended. */
  release(keep: boolean): Promise<void>;
}

interface Member {
  readonly thread: FunctionThread;
  onLine: (line: string) => void;
}

export interface FunctionStart {
  readonly code: FunctionCode;
  readonly environment: Readonly<Record<string, string>>;
  /** Gets one log line at a time. */
  readonly onLog: (line: string) => void;
}

const eachLine = (stream: Readable, onLine: (line: string) => void): void => {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
};

/** Threads without work, by what their clients have settled on when they made their first call. */
const idle = new Map<string, Member[]>();

const keyOf = ({ code, environment }: FunctionStart): string =>
  JSON.stringify([
    code,
    // SDK clients read these once.
    Object.entries(environment)
      .filter(([name]) => name.startsWith('AWS_'))
      .toSorted(),
  ]);

const start = ({ code, environment }: FunctionStart): Member => {
  const member: Member = {
    onLine: () => {},
    thread: startFunctionThread({
      ...code,
      environment,
      onOutput: (stream) => eachLine(stream, (line) => member.onLine(line)),
    }),
  };
  return member;
};

/**
 * Takes a function from the threads that are idle, or starts one: loading the code of all functions
 * takes longer than a containment.
 */
export const takeFunction = (wanted: FunctionStart): PooledFunction => {
  const key = keyOf(wanted);
  const waiting = idle.get(key)?.pop();
  const member = waiting ?? start(wanted);
  const { thread } = member;
  if (waiting !== undefined) {
    thread.hold();
    thread.changeEnvironment(wanted.environment);
  }
  member.onLine = wanted.onLog;
  return {
    ready: thread.ready,
    invoke: thread.invoke,
    release: async (keep) => {
      member.onLine = () => {};
      if (!keep || thread.isBusy()) return thread.stop();
      thread.letGo();
      idle.set(key, [...(idle.get(key) ?? []), member]);
    },
  };
};
