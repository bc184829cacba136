import type { IncomingHttpHeaders } from 'node:http';
import { authorization, xmlText } from '../aws-call.ts';
import type { Upstream } from './upstream.ts';

/** Who made a call, as its request shows it. */
export interface Caller {
  readonly accessKeyId: string;
  readonly address: string;
}

/** Who an access key is of. */
export interface Identity {
  readonly arn: string;
  readonly accountId: string;
  readonly principalId: string;
}

/** Answers whose an access key is. */
export type Callers = (accessKeyId: string) => Promise<Identity>;

/** The caller of a signed request. */
export const callerOf = ({
  headers,
  socket,
}: {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}): Caller => ({
  accessKeyId: /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '',
  address: socket.remoteAddress ?? '',
});

/** Asks moto's own `GetCallerIdentity`, which knows roles and users by their keys. */
export const createCallers =
  (upstream: Upstream): Callers =>
  async (accessKeyId) => {
    const signed = authorization('us-east-1', 'sts').replace(/(?<=Credential=)[^/]+/, accessKeyId);
    const { body } = await upstream.forward(
      {
        method: 'POST',
        url: '/',
        headers: {
          host: 'sts.us-east-1.amazonaws.com',
          authorization: signed,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
    );
    const text = body.toString('utf8');
    return {
      arn: xmlText(text, 'Arn') ?? '',
      accountId: xmlText(text, 'Account') ?? '',
      principalId: xmlText(text, 'UserId') ?? '',
    };
  };
