import type { Log } from '../aws/log.ts';
import type { CordonError } from '../case/errors.ts';

/**
 * An error as Lambda is to show it: its name and its one sentence. The stack is ours, and goes to
 * the log, where somebody may want it.
 */
export const withoutStack = (error: CordonError, log: Log): CordonError => {
  log.error(error.message, { code: error.name, stack: error.stack });
  error.stack = `${error.name}: ${error.message}`;
  return error;
};
