import type { Log } from '../aws/log.ts';
import type { CordonError } from '../case/errors.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../case/errors.ts';

/** These say what a person put in wrong: where in the code that was noticed helps nobody. */
const isInputError = (error: CordonError): boolean =>
  error instanceof InvalidSettingsError || error instanceof UnintelligibleEventError;

/**
 * An error as Lambda is to show it: its name and its one sentence. The stack is ours, and goes to
 * the log, where somebody may want it.
 */
export const withoutStack = (error: CordonError, log: Log): CordonError => {
  log.error(error.message, {
    code: error.name,
    ...(isInputError(error) ? {} : { stack: error.stack }),
  });
  error.stack = `${error.name}: ${error.message}`;
  return error;
};
