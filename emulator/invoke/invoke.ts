import { Command, CommanderError } from 'commander';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { readJsonFile } from '../../src/event-file.ts';
import { functionsOf, readTemplate } from '../deploy/template.ts';
import { functionCode } from '../lambda/function-code.ts';
import { startFunctionThread } from '../lambda/function-thread.ts';
import { environmentMisfits } from './environment-misfits.ts';
import type { EnvironmentFile } from './local-environment.ts';
import { localEnvironment } from './local-environment.ts';

/** Runs one function as `sam local invoke` does, without docker. */

/** A complaint for the person at the keyboard, without a stack. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const readJson = (path: string): unknown => {
  try {
    return readJsonFile(path);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const readVariables = (path: string | undefined): EnvironmentFile => {
  const file = path === undefined ? {} : readJson(path);
  if (typeof file === 'object' && file !== null && !Array.isArray(file)) {
    return file as EnvironmentFile;
  }
  throw new UsageError(
    `${path} holds no object; accepted is {"Parameters": {…}, "<FunctionLogicalId>": {…}}.`,
  );
};

const invoke = async (
  logicalId: string,
  eventFile: string,
  environmentFile: string | undefined,
): Promise<number> => {
  const template = readTemplate();
  const functions = functionsOf(template);
  const resource = functions.get(logicalId);
  if (resource === undefined) {
    throw new UsageError(
      `template.yaml has no function ${logicalId}; it has ${[...functions.keys()].join(', ')}.`,
    );
  }
  const event = readJson(eventFile);
  const file = readVariables(environmentFile);
  for (const misfit of environmentMisfits(template, functions, file)) {
    console.error(`${environmentFile}: ${misfit}`);
  }
  await ensureBuilt();
  const thread = startFunctionThread({
    ...functionCode(template, logicalId),
    environment: localEnvironment(template, logicalId, resource, file, process.env),
    onOutput: (stream) => stream.pipe(process.stderr, { end: false }),
  });
  const result = await thread.invoke(event);
  await thread.stop();
  const failed = 'errorType' in result;
  console.log(JSON.stringify(failed ? result : result.payload));
  return failed ? 1 : 0;
};

const program = new Command('npm run --silent invoke --')
  .description('Run one function of template.yaml, as sam local invoke does, without docker.')
  .argument('<FunctionLogicalId>', 'such as ContainFunction')
  .argument('<event.json>', 'the event')
  .option('-n, --env-vars <env.json>', '{"Parameters": {…}, "<FunctionLogicalId>": {…}}')
  .exitOverride();

try {
  program.parse();
  const [logicalId = '', eventFile = ''] = program.args;
  process.exitCode = await invoke(
    logicalId,
    eventFile,
    program.opts<{ envVars?: string }>().envVars,
  );
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UsageError) {
    console.error(error.message);
    process.exitCode = 2;
  } else throw error;
}
