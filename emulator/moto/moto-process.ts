import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, 'server.py');
const START_TIMEOUT_MS = 60_000;
const KEPT_LOG_CHARACTERS = 4_000;

/** moto did not come up; the message carries the last lines that it wrote. */
export class EmulatorStartError extends Error {
  override readonly name = 'EmulatorStartError';
}

/** A running moto. */
export interface MotoProcess {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The shell's variables without those that could lead moto's own clients to a real AWS account or
 * through a web proxy.
 */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(AWS_|MOTO_|.*_proxy$|INITIAL_NO_AUTH)/i.test(name),
    ),
  );

const portOf = (output: string): number | undefined => {
  const port = /^listening on (\d+)$/m.exec(output)?.[1];
  return port === undefined ? undefined : Number(port);
};

const readPort = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let output = '';
    let log = '';
    const fail = (reason: string) => {
      child.kill('SIGKILL');
      reject(new EmulatorStartError(`The embedded AWS ${reason}.\n${log.trim()}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
    child.once('error', (error) => {
      log += error.message;
      fail('could not be started');
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended at its start (exit code ${code})`);
    });
    child.stderr?.on('data', (chunk) => {
      log = (log + String(chunk)).slice(-KEPT_LOG_CHARACTERS);
    });
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      const port = portOf(output);
      if (port === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      // Only what goes wrong at the start is of interest; from here on the pipe is just drained.
      child.stderr?.removeAllListeners('data').resume();
      child.stdout?.removeAllListeners('data').resume();
      resolve(port);
    });
  });

/**
 * Starts moto with the mends. It ends with `stop()`, at the end of this process, and, because it
 * watches its stdin, even when this process is killed.
 *
 * @param lambdaPort is the port at which moto's Step Functions and EventBridge invoke functions.
 * @throws EmulatorStartError
 */
export const startMoto = async (python: string, lambdaPort: number): Promise<MotoProcess> => {
  const child = spawn(python, [SERVER], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...cleanEnvironment(),
      MOTO_PORT: String(lambdaPort),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
      PYTHONWARNINGS: 'ignore',
    },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await readPort(child);
  return {
    port,
    stop: async () => {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
};
