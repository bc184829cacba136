import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../aws/log.ts';

/** One JSON line per entry, with the function's own fields. */
export const makeLogger = (fields: Record<string, string>): Log => {
  const logger = new Logger({ serviceName: 'cordon', persistentKeys: fields });
  return {
    info: (message, more) => logger.info(message, more ?? {}),
    warn: (message, more) => logger.warn(message, more ?? {}),
    error: (message, more) => logger.error(message, more ?? {}),
    about: (more) => logger.appendKeys(more),
  };
};
