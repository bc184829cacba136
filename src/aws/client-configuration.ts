import { defined } from '../case/defined.ts';
import { calledResource } from './called-resource.ts';
import { currentCaseId, nameCaseInUserAgent } from './current-case.ts';
import { heedDeadlines } from './deadline.ts';
import { guardEndpoint } from './endpoint-guard.ts';
import type { Log } from './log.ts';

/**
 * How every client talks to AWS. Eight attempts with the SDK's own exponential backoff outlast a
 * throttled minute; a dead connection is given up after seconds, not after the SDK's default of
 * never, because somebody is waiting for the cut. Each call heeds the deadline it is made under.
 */
export const clientConfiguration = {
  maxAttempts: 8,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
} as const;

/** As much of a client's middleware stack as logging needs. */
interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: { readonly commandName?: string; readonly clientName?: string },
    ) => (args: unknown) => Promise<unknown>,
    options: { readonly step: 'initialize'; readonly name: string; readonly override: boolean },
  ): void;
}

interface Metadata {
  readonly requestId?: string;
  readonly attempts?: number;
}

const metadataOf = (value: unknown): Metadata => {
  if (typeof value !== 'object' || value === null) return {};
  if ('output' in value) return metadataOf(value.output);
  return '$metadata' in value ? (value.$metadata as Metadata) : {};
};

const inputOf = (args: unknown): unknown =>
  typeof args === 'object' && args !== null && 'input' in args ? args.input : undefined;

/** What a log line says of the call, beside how it went. */
const aboutCall = (commandName: string | undefined, args: unknown) => {
  const caseId = currentCaseId();
  const resource = calledResource(inputOf(args));
  return {
    call: (commandName ?? 'unknown').replace(/Command$/, ''),
    ...defined({ caseId, resource }),
  };
};

/**
 * One log line per AWS call: which, for which case, on what, how long in milliseconds, attempts,
 * request id, error. The request id finds the call in CloudTrail.
 */
const logCalls = <Client extends { middlewareStack: unknown }>(
  client: Client,
  log: Log,
): Client => {
  (client.middlewareStack as Stack).add(
    (next, context) => async (args) => {
      const startedAt = performance.now();
      const line = (result: unknown) => {
        const { requestId, attempts } = metadataOf(result);
        return {
          ...aboutCall(context.commandName, args),
          milliseconds: Math.round(performance.now() - startedAt),
          ...defined({ requestId, attempts }),
        };
      };
      try {
        const result = await next(args);
        log.info('aws call', line(result));
        return result;
      } catch (error) {
        const name = error instanceof Error ? error.name : String(error);
        log.info('aws call', { ...line(error), errorCode: name });
        throw error;
      }
    },
    { step: 'initialize', name: 'cordonLogCalls', override: true },
  );
  return guardEndpoint(client);
};

/**
 * The client as every function uses it: its calls name their case, are logged, and are given up at
 * their deadline.
 */
export const equip = <
  Client extends { middlewareStack: unknown } & Parameters<typeof heedDeadlines>[0],
>(
  client: Client,
  log: Log,
): Client => heedDeadlines(logCalls(nameCaseInUserAgent(client), log));
