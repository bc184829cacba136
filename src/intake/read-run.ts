import { inWords } from '../aws/errors.ts';
import { readExecution } from '../aws/executions.ts';
import type { IntakeDeps } from './intake-result.ts';

/** The run of a case by its name: undefined where there is none, `unknown` where it cannot be read. */
export const readRun = async (
  { deps, stateMachineArn }: { readonly deps: IntakeDeps; readonly stateMachineArn: string },
  name: string,
): Promise<{ readonly running: boolean; readonly input: string } | undefined | 'unknown'> => {
  try {
    return await readExecution(deps.clients.stepFunctions, stateMachineArn, name);
  } catch (error) {
    deps.log.warn('the execution of the case could not be read', { error: inWords(error) });
    return 'unknown';
  }
};
