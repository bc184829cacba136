import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

interface WithStack {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<Answer>) => (args: never) => Promise<Answer>,
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

interface Answer {
  readonly response: unknown;
}

/**
 * Notices whether the answer to a command has an XML element that the SDK's model does not know,
 * and therefore drops. Returns a function that says so once the command was sent.
 */
export const noticeElement = (command: unknown, element: string): (() => boolean) => {
  let seen = false;
  (command as WithStack).middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const response = answer.response as { body?: Readable | Uint8Array };
      if (response.body !== undefined) {
        const body =
          response.body instanceof Uint8Array ? response.body : await buffer(response.body);
        seen = seen || Buffer.from(body).includes(`<${element}>`);
        response.body = body;
      }
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'cordonNoticeElement' },
  );
  return () => seen;
};
