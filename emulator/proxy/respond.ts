import { randomUUID } from 'node:crypto';
import type * as http from 'node:http';
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

/** @returns the status that was answered. */
export const send = (response: http.ServerResponse, { status, headers, body }: Answer): number => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
  return status;
};

/** @returns the status that moto answered. */
export const sendForwarded = (
  response: http.ServerResponse,
  { answer, body }: ForwardedAnswer,
): number => {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
  const status = answer.statusCode ?? 502;
  const isHead = response.req.method === 'HEAD';
  response.writeHead(status, isHead ? headers : { ...headers, 'content-length': body.length });
  response.end(body);
  return status;
};
