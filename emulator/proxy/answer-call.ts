import type * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered } from './answered.ts';
import type { AwsRequest } from './aws-request.ts';
import { cutAnswer, emptyAnswer } from './broken-answers.ts';
import type { EventHistory } from './event-history.ts';
import { faultAnswer } from './fault-answers.ts';
import type { InvokeFunction } from './invocations.ts';
import { runFunction } from './invocations.ts';
import { answeredByMoto, json, send, sendForwarded } from './respond.ts';
import type { createStaleReads } from './stale-reads.ts';
import type { TrafficRecorder } from './traffic.ts';
import type { ForwardedAnswer, Upstream } from './upstream.ts';

/** A request with its body, and what answers it. */
export interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly body: Buffer;
}

/** What the proxy answers calls with. */
export interface Answering {
  readonly traffic: TrafficRecorder;
  readonly upstream: Upstream;
  readonly staleReads: ReturnType<typeof createStaleReads>;
  readonly events: EventHistory;
  readonly invoke: InvokeFunction;
  /** Is told of each command that Systems Manager has accepted. */
  readonly commanded: (commandId: string) => void;
}

/** Answers an AWS call as the fault wants it, or as `answer` does. */
const answerAws = async (
  { traffic, upstream }: Answering,
  aws: AwsRequest,
  { request, response, body }: Exchange,
  answer: () => Promise<Answered>,
): Promise<Answered> => {
  if (!traffic.admit(aws.service, aws.action, aws.params)) {
    return { ...send(response, faultAnswer('throttle', aws)), fault: 'throttle' };
  }
  const fault = traffic.strike(aws.service, aws.action, aws.params);
  switch (fault) {
    case 'connection-reset':
      request.socket.resetAndDestroy();
      return { status: 0, fault };
    case 'timeout':
      await new Promise((resolve) => response.once('close', resolve));
      return { status: 0, fault };
    case 'lost-answer': {
      const lost = answeredByMoto(await upstream.forward(request, body));
      request.socket.resetAndDestroy();
      return { ...lost, status: 0, fault };
    }
    case 'empty-answer':
      return { ...send(response, emptyAnswer(aws)), fault };
    case 'cut-answer':
      return { ...send(response, cutAnswer(aws)), fault };
    case undefined:
      return answer();
    default:
      return { ...send(response, faultAnswer(fault, aws)), fault };
  }
};

/** Sends moto's answer, or in its place one of the past where the read lags. */
const answerRead = (
  { traffic, staleReads }: Answering,
  aws: AwsRequest,
  response: http.ServerResponse,
  forwarded: ForwardedAnswer,
): Answered => {
  const isAnswered = forwarded.answer.statusCode === 200;
  const body = forwarded.body.toString('utf8');
  if (traffic.lags(aws.service, aws.action, aws.params) && isAnswered) {
    const outdated = staleReads.outdated(aws, body);
    if (outdated !== undefined) return send(response, outdated);
  }
  if (isAnswered) staleReads.remember(aws, body);
  return sendForwarded(response, forwarded);
};

/** Has the hosts take up a command, once whoever sent it can be answered. */
const passOnCommand = (
  { commanded }: Answering,
  aws: AwsRequest,
  { answer, body }: ForwardedAnswer,
) => {
  if (aws.service !== 'ssm' || aws.action !== 'SendCommand' || answer.statusCode !== 200) return;
  commanded(JSON.parse(body.toString('utf8')).Command.CommandId);
};

/** moto says whether the caller may ask; which events there are, only the proxy has seen. */
const isLookup = ({ service, action }: AwsRequest): boolean =>
  service === 'cloudtrail' && action === 'LookupEvents';

const parseEvent = (body: Buffer): unknown => {
  const text = body.toString('utf8');
  return text === '' ? {} : JSON.parse(text);
};

const answerInvocation = async (
  { invoke }: Answering,
  functionName: string,
  { request, response, body }: Exchange,
): Promise<Answered> => {
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

/** Answers one call, of a function of this emulator where it is named, else as moto does. */
export const answerCall = (
  answering: Answering,
  aws: AwsRequest,
  functionName: string | undefined,
  exchange: Exchange,
): Promise<Answered> =>
  answerAws(answering, aws, exchange, async () => {
    if (functionName !== undefined) return answerInvocation(answering, functionName, exchange);
    const { traffic, upstream } = answering;
    if (traffic.delay > 0) await sleep(traffic.delay);
    const forwarded = await upstream.forward(exchange.request, exchange.body);
    passOnCommand(answering, aws, forwarded);
    if (isLookup(aws) && forwarded.answer.statusCode === 200) {
      return send(exchange.response, await answering.events.lookUp(aws.params));
    }
    return answerRead(answering, aws, exchange.response, forwarded);
  });
