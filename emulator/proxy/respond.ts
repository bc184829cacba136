import { randomUUID } from 'node:crypto';
import type * as http from 'node:http';
import type { Answered } from './answered.ts';
import { answeredBy } from './answered.ts';
import type { Answer } from './fault-answers.ts';
import type { ForwardedAnswer } from './upstream.ts';

export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...headers,
  },
  body: body === undefined ? 'null' : JSON.stringify(body),
});

export const send = (
  response: http.ServerResponse,
  { status, headers, body }: Answer,
): Answered => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
  return answeredBy(status, headers, body);
};

/** What moto says of a call that was passed on. */
export const answeredByMoto = ({ answer, body }: ForwardedAnswer): Answered =>
  answeredBy(answer.statusCode ?? 502, answer.headers, body.toString('utf8'));

export const sendForwarded = (
  response: http.ServerResponse,
  forwarded: ForwardedAnswer,
): Answered => {
  const { answer, body } = forwarded;
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
  const status = answer.statusCode ?? 502;
  const isHead = response.req.method === 'HEAD';
  response.writeHead(status, isHead ? headers : { ...headers, 'content-length': body.length });
  response.end(body);
  return answeredByMoto(forwarded);
};
