import type { FaultKind } from './traffic.ts';

/** How a call was answered. */
export interface Answered {
  /** The HTTP status, 0 when the connection was cut. */
  readonly status: number;
  /** The id that the service gave the call: in the header that clients read, or in the answer. */
  readonly requestId?: string;
  /** The code of the error as the service words it. */
  readonly errorCode?: string;
  /** What went wrong with the call, where that was injected. */
  readonly fault?: FaultKind;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const idHeaders = ['x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id'];

const requestIdOf = (headers: Headers, body: string): string | undefined => {
  const named = idHeaders.map((name) => headers[name]).find((id) => typeof id === 'string');
  return typeof named === 'string' ? named : /<requestId>([^<]+)</i.exec(body)?.[1];
};

/** The services that speak JSON put more before a `#` or behind a `:`. */
const errorCodeOf = (headers: Headers, body: string): string | undefined => {
  const header = headers['x-amzn-errortype'];
  const said =
    (typeof header === 'string' ? header : undefined) ??
    /<Code>([^<]+)</.exec(body)?.[1] ??
    /"(?:__type|code)"\s*:\s*"([^"]+)"/.exec(body)?.[1];
  return said?.replace(/^.*#/, '').replace(/:.*$/, '');
};

/** What an answer says of its call. */
export const answeredBy = (status: number, headers: Headers, body: string): Answered => {
  const requestId = requestIdOf(headers, body);
  const errorCode = status < 400 ? undefined : errorCodeOf(headers, body);
  return {
    status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
};
