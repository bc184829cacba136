import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../aws/log.ts';
import { hiddenEscaped } from '../case/one-line.ts';

/** Entries hold words of others, and people read logs on terminals: nothing in them is hidden. */
const shown = (value: unknown): unknown => {
  if (typeof value === 'string') return hiddenEscaped(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [hiddenEscaped(key), shown(one)]),
  );
};

const fieldsOf = (more: object | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(more ?? {}).map(([key, one]) => [key, shown(one)]));

/** One JSON line per entry, with the function's own fields. */
export const makeLogger = (fields: Record<string, string>): Log => {
  const logger = new Logger({ serviceName: 'cordon', persistentKeys: fields });
  return {
    info: (message, more) => logger.info(hiddenEscaped(message), fieldsOf(more)),
    warn: (message, more) => logger.warn(hiddenEscaped(message), fieldsOf(more)),
    error: (message, more) => logger.error(hiddenEscaped(message), fieldsOf(more)),
    about: (more) => logger.appendKeys(fieldsOf(more)),
  };
};
