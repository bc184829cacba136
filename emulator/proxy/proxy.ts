import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsRequest, readAwsRequest } from './aws-request.ts';
import { cutAnswer, emptyAnswer } from './broken-answers.ts';
import { type Answer, faultAnswer } from './fault-answers.ts';
import { type InvokeFunction, invokedFunction, runFunction } from './invocations.ts';
import { createStaleReads } from './stale-reads.ts';
import type { TrafficRecorder } from './traffic.ts';

/**
 * The address that AWS clients talk to: it answers function invocations itself, passes everything
 * else to moto, and records, delays and disturbs the AWS calls on the way.
 */
export interface Proxy {
  readonly port: number;
  /** Says where moto listens; until then every call waits. */
  passTo(port: number): void;
  onInvoke(handler: InvokeFunction): void;
  /** Forgets what reads were answered. */
  forget(): void;
  close(): Promise<void>;
}

const readBody = async (stream: http.IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...headers,
  },
  body: body === undefined ? 'null' : JSON.stringify(body),
});

const parseEvent = (body: Buffer): unknown => {
  const text = body.toString('utf8');
  return text === '' ? {} : JSON.parse(text);
};

/** Starts the proxy on a free port of the loopback interface. */
export const startProxy = async (traffic: TrafficRecorder): Promise<Proxy> => {
  const agent = new http.Agent({ keepAlive: true });
  const staleReads = createStaleReads();
  const upstream = Promise.withResolvers<number>();
  let invoke: InvokeFunction = async (functionName) => {
    throw new Error(`Nothing answers for the function ${functionName}`);
  };

  const forward = async (request: http.IncomingMessage, body: Buffer): Promise<ForwardedAnswer> => {
    const port = await upstream.promise;
    // The body is whole here, so its length is told instead of the chunks that a client may send.
    const { 'transfer-encoding': _, connection: __, expect: ___, ...headers } = request.headers;
    return new Promise((resolve, reject) => {
      const passedOn = http.request(
        {
          host: '127.0.0.1',
          port,
          agent,
          method: request.method ?? 'GET',
          path: request.url ?? '/',
          headers: { ...headers, 'content-length': body.length },
        },
        (answer) => {
          readBody(answer).then(
            (answerBody) => resolve({ answer, body: answerBody }),
            (error: unknown) => reject(error),
          );
        },
      );
      passedOn.on('error', reject);
      passedOn.end(body);
    });
  };

  const send = (response: http.ServerResponse, { status, headers, body }: Answer): number => {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
    return status;
  };

  const sendForwarded = (response: http.ServerResponse, { answer, body }: ForwardedAnswer) => {
    const {
      'transfer-encoding': _,
      connection: __,
      'keep-alive': ___,
      ...headers
    } = answer.headers;
    const status = answer.statusCode ?? 502;
    const isHead = response.req.method === 'HEAD';
    response.writeHead(status, isHead ? headers : { ...headers, 'content-length': body.length });
    response.end(body);
    return status;
  };

  /** Answers an AWS call as the fault wants it, or by moto. Gives the status, 0 for a cut. */
  const answerAws = async (
    aws: AwsRequest,
    exchange: Exchange,
    answer: () => Promise<number>,
  ): Promise<number> => {
    const { response, request } = exchange;
    if (!traffic.admit(aws.service, aws.action, aws.params)) {
      return send(response, faultAnswer('throttle', aws));
    }
    const fault = traffic.strike(aws.service, aws.action, aws.params);
    switch (fault) {
      case 'connection-reset':
        request.socket.resetAndDestroy();
        return 0;
      case 'timeout':
        await new Promise((resolve) => response.once('close', resolve));
        return 0;
      case 'lost-answer':
        await forward(request, exchange.body);
        request.socket.resetAndDestroy();
        return 0;
      case 'empty-answer':
        return send(response, emptyAnswer(aws));
      case 'cut-answer':
        return send(response, cutAnswer(aws));
      case undefined:
        return answer();
      default:
        return send(response, faultAnswer(fault, aws));
    }
  };

  /** Sends moto's answer, or in its place one of the past where the read lags. */
  const answerRead = (
    aws: AwsRequest,
    response: http.ServerResponse,
    forwarded: ForwardedAnswer,
  ): number => {
    const isAnswered = forwarded.answer.statusCode === 200;
    const body = forwarded.body.toString('utf8');
    if (traffic.lags(aws.service, aws.action, aws.params) && isAnswered) {
      const outdated = staleReads.outdated(aws, body);
      if (outdated !== undefined) return send(response, outdated);
    }
    if (isAnswered) staleReads.remember(aws, body);
    return sendForwarded(response, forwarded);
  };

  const answerInvocation = async (functionName: string, exchange: Exchange): Promise<number> => {
    const { request, response, body } = exchange;
    const event = parseEvent(body);
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      void runFunction(invoke, functionName, event);
      return send(response, { status: 202, headers: {}, body: '' });
    }
    const result = await runFunction(invoke, functionName, event);
    return send(
      response,
      'payload' in result
        ? json(200, result.payload)
        : json(200, result, { 'x-amz-function-error': 'Unhandled' }),
    );
  };

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const startedAt = performance.now();
    const url = request.url ?? '/';
    const body = await readBody(request);
    const exchange: Exchange = { request, response, body };
    const signed = readAwsRequest(request.method ?? 'GET', url, request.headers, body);

    const functionName = invokedFunction(url);
    if (functionName === undefined && signed === undefined) {
      sendForwarded(response, await forward(request, body));
      return;
    }
    const aws: AwsRequest =
      functionName === undefined && signed !== undefined
        ? signed
        : {
            service: 'lambda',
            action: 'Invoke',
            protocol: 'rest',
            params: { FunctionName: functionName },
            ...(signed?.functionName === undefined ? {} : { functionName: signed.functionName }),
          };
    const status = await answerAws(aws, exchange, async () => {
      if (functionName !== undefined) return answerInvocation(functionName, exchange);
      if (traffic.delay > 0) await sleep(traffic.delay);
      return answerRead(aws, response, await forward(request, body));
    });
    const { protocol: _, ...seen } = aws;
    traffic.record({ ...seen, startedAt, endedAt: performance.now(), status });
  };

  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The client has gone, or moto has: either way nobody can be answered properly any more.
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, json(502, { message: `The emulator does not answer: ${error}` }));
    });
  });
  // Idle connections stay open: a server that closes them races with the client's next request.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    passTo: (port) => upstream.resolve(port),
    onInvoke: (handler) => {
      invoke = handler;
    },
    forget: staleReads.forget,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
};

interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly body: Buffer;
}

interface ForwardedAnswer {
  readonly answer: http.IncomingMessage;
  readonly body: Buffer;
}
