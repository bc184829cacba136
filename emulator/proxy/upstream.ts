import * as http from 'node:http';

/** What moto answered to a request that was passed on. */
export interface ForwardedAnswer {
  readonly answer: http.IncomingMessage;
  readonly body: Buffer;
}

/** What is passed on of a request, beside its body. */
export type ToForward = Pick<http.IncomingMessage, 'method' | 'url' | 'headers'>;

/** The way to moto. */
export interface Upstream {
  /** Says where moto listens; until then every call waits. */
  passTo(port: number): void;
  forward(request: ToForward, body: Buffer): Promise<ForwardedAnswer>;
  close(): void;
}

export const readBody = async (stream: http.IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const createUpstream = (): Upstream => {
  const agent = new http.Agent({ keepAlive: true });
  const upstream = Promise.withResolvers<number>();
  const forward = async (request: ToForward, body: Buffer): Promise<ForwardedAnswer> => {
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
  return { passTo: (port) => upstream.resolve(port), forward, close: () => agent.destroy() };
};
