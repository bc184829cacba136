import { defined } from '../case/defined.ts';
import { calledResource } from './called-resource.ts';
import { currentCaseId, nameCaseInUserAgent } from './current-case.ts';
import { heedDeadlines } from './deadline.ts';
import { guardEndpoint } from './endpoint-guard.ts';
import { journalCall } from './journal-call.ts';
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

/** What the SDK knows of one call, the same object for every middleware. */
interface CallContext {
  readonly commandName?: string;
  readonly clientName?: string;
  /** The `Date` header of the last answer. */
  answeredAt?: string | undefined;
}

/** As much of a client's middleware stack as logging needs. */
interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: CallContext,
    ) => (args: unknown) => Promise<unknown>,
    options: {
      readonly step: 'initialize' | 'deserialize';
      readonly name: string;
      readonly override: boolean;
    },
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

const headersOf = (result: unknown): Readonly<Record<string, unknown>> => {
  const response = (result as { readonly response?: unknown } | undefined)?.response;
  return typeof response === 'object' && response !== null && 'headers' in response
    ? (response.headers as Readonly<Record<string, unknown>>)
    : {};
};

/** Keeps AWS's own time of each answer, which stands beside the local one in the record. */
const keepAnswerTimes = (stack: Stack): void => {
  stack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { date } = headersOf(result);
      context.answeredAt = typeof date === 'string' ? date : undefined;
      return result;
    },
    { step: 'deserialize', name: 'cordonAnswerTimes', override: true },
  );
};

/** How a call began, for its line in the log and its entry in the journal. */
const begin = (context: CallContext, args: unknown, log: Log) => {
  const startedAt = new Date();
  const since = performance.now();
  return (ended: { readonly result?: unknown; readonly error?: unknown }): void => {
    const { requestId, attempts } = metadataOf(ended.error ?? ended.result);
    const milliseconds = Math.round(performance.now() - since);
    const { error } = ended;
    log.info('aws call', {
      ...aboutCall(context.commandName, args),
      milliseconds,
      ...defined({ requestId, attempts }),
      ...(error === undefined
        ? {}
        : { errorCode: error instanceof Error ? error.name : String(error) }),
    });
    const output = (ended.result as { readonly output?: unknown } | undefined)?.output;
    journalCall({
      ...{ clientName: context.clientName ?? '', commandName: context.commandName ?? '' },
      ...{ input: inputOf(args), output, error, requestId, attempts, startedAt },
      endedAt: new Date(startedAt.getTime() + milliseconds),
      date: context.answeredAt,
    });
  };
};

/**
 * One log line and one entry of the journal per AWS call: which, for which case, on what, how long in
 * milliseconds, attempts, request id, error. The request id finds the call in CloudTrail.
 */
const logCalls = <Client extends { middlewareStack: unknown }>(
  client: Client,
  log: Log,
): Client => {
  const stack = client.middlewareStack as Stack;
  keepAnswerTimes(stack);
  stack.add(
    (next, context) => async (args) => {
      const end = begin(context, args, log);
      try {
        const result = await next(args);
        end({ result });
        return result;
      } catch (error) {
        end({ error });
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
