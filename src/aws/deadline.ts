import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

/** The deadline of whatever is being done; every client that heeds deadlines looks here. */
const deadlines = new AsyncLocalStorage<AbortSignal>();

/** No call takes longer, whatever it is for, in milliseconds: all attempts and their pauses. */
const longestCall = 20_000;

/** Named as the SDK names it, so that it counts as an answer that did not come. */
const outOfTime = (milliseconds: number): Error => {
  const error = new Error(`AWS did not answer within ${milliseconds / 1_000} s.`);
  error.name = 'TimeoutError';
  return error;
};

/**
 * Passes an abort on, for as long as `over` has not aborted. Not by AbortSignal.any: Node may lose an
 * abort through it when a signal is collected (https://github.com/nodejs/node/issues/57736,
 * https://github.com/nodejs/node/issues/65995).
 */
const passOn = (from: AbortSignal | undefined, to: AbortController, over: AbortSignal): void => {
  if (from === undefined) return;
  if (from.aborted) to.abort(from.reason);
  else from.addEventListener('abort', () => to.abort(from.reason), { once: true, signal: over });
};

/**
 * Does something, and gives up every AWS call in it that has not been answered after so many
 * milliseconds: such a call rejects with a TimeoutError, and its connection is closed. The work
 * itself goes on, so that it can say what it has not read. Deadlines nest; the first one counts.
 */
export const giveUpAfter = async <Result>(
  clock: Clock,
  milliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> => {
  const late = new AbortController();
  const done = new AbortController();
  // Many calls listen at once, and Node 20 would warn of a leak from eleven on.
  setMaxListeners(0, late.signal, done.signal);
  passOn(deadlines.getStore(), late, done.signal);
  void clock.sleep(milliseconds, done.signal).then(() => {
    if (!done.signal.aborted) late.abort(outOfTime(milliseconds));
  });
  try {
    return await deadlines.run(late.signal, work);
  } finally {
    done.abort();
  }
};

/** True when the time of what is being done is over, so that nothing more is worth beginning. */
export const isOutOfTime = (): boolean => deadlines.getStore()?.aborted === true;

/** As much of a client as it takes to give its calls up. */
interface Caller {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** Rejects with the signal's reason as soon as it aborts; never after `over` has. */
const abortOf = (signal: AbortSignal, over: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else {
      const fail = () => reject(signal.reason);
      signal.addEventListener('abort', fail, { once: true, signal: over });
    }
  });

/**
 * Makes a client heed the deadline under which it is called, and a longest time of its own. The
 * SDK has time-outs for one attempt only: eight attempts at a call that is never answered take a
 * minute (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
export const heedDeadlines = <Client extends Caller>(client: Client): Client => {
  const send = client.send.bind(client) as Caller['send'];
  client.send = (async (command, options = {}) => {
    const call = new AbortController();
    const over = new AbortController();
    setMaxListeners(0, call.signal, over.signal);
    passOn(options.abortSignal, call, over.signal);
    passOn(deadlines.getStore(), call, over.signal);
    const limit = setTimeout(() => call.abort(outOfTime(longestCall)), longestCall);
    try {
      // The SDK looks at the signal while it waits for an answer, not while it pauses or signs.
      return await Promise.race([
        send(command, { ...options, abortSignal: call.signal }),
        abortOf(call.signal, over.signal),
      ]);
    } finally {
      clearTimeout(limit);
      over.abort();
    }
  }) as Client['send'];
  return client;
};
