import { tell } from './output.ts';

/** Signals by which shells, terminals, init systems and schedulers end a process. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The terminal signals the whole group, and npm hands the same Ctrl-C on: one press, in milliseconds. */
const samePress = 300;

export interface StopSignals {
  /** Aborted at the first signal. */
  readonly stop: AbortSignal;
  /** From now on signals end the process again, as they do by default. */
  readonly release: () => void;
}

/**
 * A signal lets the run finish its cut; a second Ctrl-C calls `abandon`, a third ends the process at
 * once. Only Ctrl-C comes from a person: a second SIGTERM changes nothing.
 */
export const stopOnSignals = (abandon: () => Promise<void>): StopSignals => {
  const controller = new AbortController();
  let askedAt = 0;
  let abandoned = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      askedAt = now;
      tell(`${signal}: finishing the cut first. Press Ctrl-C again to abandon.`);
      controller.abort(new Error(signal));
      return;
    }
    if (signal !== 'SIGINT' || now - askedAt < samePress) return;
    if (abandoned) process.exit(4);
    abandoned = true;
    askedAt = now;
    void abandon();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
};
