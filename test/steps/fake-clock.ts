import type { Clock } from '../../src/aws/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** The moment at which every story of these tests begins. */
export const storyBegins = new Date('2026-03-01T03:07:00.000Z');

/**
 * Time that passes only when everybody sleeps: it jumps to the moment at which the first sleeper
 * wakes, so that things run side by side and in the right order without any real waiting.
 */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #passing = false;

  constructor(begins = storyBegins) {
    this.#now = begins.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Milliseconds since the story began. */
  get elapsed(): number {
    return this.#now - storyBegins.getTime();
  }

  sleep(milliseconds: number, until?: AbortSignal): Promise<void> {
    if (until?.aborted === true) return Promise.resolve();
    return new Promise((wake) => {
      const sleeper = { at: this.#now + milliseconds, wake };
      this.#sleepers.push(sleeper);
      until?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        wake();
      });
      if (!this.#passing) void this.#pass();
    });
  }

  async #pass(): Promise<void> {
    this.#passing = true;
    for (;;) {
      // Whoever is awake acts first: promises settle before the next immediate.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#sleepers.length === 0) break;
      const next = Math.min(...this.#sleepers.map(({ at }) => at));
      this.#now = Math.max(this.#now, next);
      const waking = this.#sleepers.filter(({ at }) => at <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
      for (const { wake } of waking) wake();
    }
    this.#passing = false;
  }
}
