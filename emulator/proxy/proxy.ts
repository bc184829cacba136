import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { defined } from '../../src/case/defined.ts';
import type { Answering } from './answer-call.ts';
import { answerCall } from './answer-call.ts';
import { type AwsRequest, readAwsRequest } from './aws-request.ts';
import { callerOf, createCallers } from './callers.ts';
import { createEventHistory } from './event-history.ts';
import { type InvokeFunction, invokedFunction } from './invocations.ts';
import { json, send, sendForwarded } from './respond.ts';
import { createStaleReads } from './stale-reads.ts';
import type { TrafficRecorder } from './traffic.ts';
import { createUpstream, readBody } from './upstream.ts';

/**
 * The address that AWS clients talk to: it answers function invocations itself, passes everything
 * else to moto, and records, delays and disturbs the AWS calls on the way.
 */
export interface Proxy {
  readonly port: number;
  /** Says where moto listens; until then every call waits. */
  passTo(port: number): void;
  onInvoke(handler: InvokeFunction): void;
  /** Says who is told of the commands that Systems Manager has accepted. */
  onCommand(handler: (commandId: string) => void): void;
  /** Says how long after its call CloudTrail shows an event, in milliseconds. */
  eventDelay(milliseconds: number): void;
  /** Forgets what reads were answered, and the events of CloudTrail with their delay. */
  forget(): void;
  close(): Promise<void>;
}

/** An invocation as the call that it is, whoever has signed it. */
const invocationOf = (functionName: string, signed: AwsRequest | undefined): AwsRequest => ({
  service: 'lambda',
  action: 'Invoke',
  protocol: 'rest',
  params: { FunctionName: functionName },
  ...(signed?.functionName === undefined ? {} : { functionName: signed.functionName }),
});

const handle = async (
  answering: Answering,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> => {
  const startedAt = performance.now();
  const url = request.url ?? '/';
  const body = await readBody(request);
  const signed = readAwsRequest(request.method ?? 'GET', url, request.headers, body);
  const functionName = invokedFunction(url);
  const aws = functionName === undefined ? signed : invocationOf(functionName, signed);
  if (aws === undefined) {
    sendForwarded(response, await answering.upstream.forward(request, body));
    return;
  }
  const answered = await answerCall(answering, aws, functionName, { request, response, body });
  const { protocol: _, ...seen } = aws;
  const userAgent = request.headers['user-agent'];
  const call = { ...seen, ...answered, ...defined({ userAgent }) };
  answering.traffic.record({ ...call, startedAt, endedAt: performance.now() });
  answering.events.record(call, callerOf(request));
};

const listen = async (server: http.Server): Promise<number> => {
  // Idle connections stay open: a server that closes them races with the client's next request.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

/** Starts the proxy on a free port of the loopback interface. */
export const startProxy = async (traffic: TrafficRecorder): Promise<Proxy> => {
  const upstream = createUpstream();
  const staleReads = createStaleReads();
  const events = createEventHistory(createCallers(upstream));
  let invoke: InvokeFunction = async (functionName) => {
    throw new Error(`Nothing answers for the function ${functionName}`);
  };
  let commanded = (_commandId: string): void => {};
  const server = http.createServer((request, response) => {
    const answering = {
      traffic,
      upstream,
      staleReads,
      events,
      invoke,
      commanded: (id: string) => commanded(id),
    };
    handle(answering, request, response).catch((error: unknown) => {
      // The client has gone, or moto has: either way nobody can be answered properly any more.
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, json(502, { message: `The emulator does not answer: ${error}` }));
    });
  });
  return {
    port: await listen(server),
    passTo: upstream.passTo,
    onInvoke: (handler) => {
      invoke = handler;
    },
    onCommand: (handler) => {
      commanded = handler;
    },
    eventDelay: events.delay,
    forget: () => {
      staleReads.forget();
      events.forget();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        upstream.close();
      }),
  };
};
