import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** The thread of one function: loads its handler once and answers events one after the other. */

interface Request {
  readonly id: number;
  readonly event: unknown;
}

/** From now on the function is that of another stack. */
interface Change {
  readonly environment: Readonly<Record<string, string>>;
}

const { file, exportName } = workerData as { file: string; exportName: string };
const loaded = import(pathToFileURL(file).href) as Promise<
  Record<string, (event: unknown, context: object) => Promise<unknown>>
>;

/** As much of Lambda's context as handlers look at; the thread may serve another stack meanwhile. */
const context = {
  awsRequestId: 'emulated',
  functionVersion: '$LATEST',
  get functionName() {
    return process.env.AWS_LAMBDA_FUNCTION_NAME;
  },
  get invokedFunctionArn() {
    return process.env.EMULATED_FUNCTION_ARN;
  },
};

const answer = async ({ id, event }: Request): Promise<void> => {
  try {
    const handler = (await loaded)[exportName];
    if (handler === undefined) throw new Error(`${file} exports no ${exportName}`);
    const payload = (await handler(event, context)) ?? null;
    parentPort?.postMessage({ id, payload: JSON.parse(JSON.stringify(payload)) });
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage({ id, errorType: failure.name, errorMessage: failure.message });
  }
};

const change = ({ environment }: Change): void => {
  for (const name of Object.keys(process.env)) {
    if (environment[name] === undefined) delete process.env[name];
  }
  Object.assign(process.env, environment);
};

parentPort?.on('message', (message: Request | Change) => {
  if ('environment' in message) change(message);
  else void answer(message);
});
loaded.then(
  () => parentPort?.postMessage({ ready: true }),
  () => parentPort?.postMessage({ ready: true }),
);
