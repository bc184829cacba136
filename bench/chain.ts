import type { Call } from '../emulator/proxy/traffic.ts';

/**
 * The longest chain of calls that ends with one of `last`, each begun after the one before it
 * ended. In milliseconds of one clock; calls that overlap cannot be in one chain.
 */
export const longestChain = (calls: readonly Call[], last: readonly Call[]): readonly Call[] => {
  const byEnd = calls.toSorted((a, b) => a.endedAt - b.endedAt);
  const chains = new Map<Call, readonly Call[]>();
  for (const call of byEnd) {
    let best: readonly Call[] = [];
    for (const earlier of byEnd) {
      if (earlier.endedAt > call.startedAt) break;
      const chain = chains.get(earlier) ?? [];
      if (chain.length > best.length) best = chain;
    }
    chains.set(call, [...best, call]);
  }
  return last
    .map((call) => chains.get(call) ?? [])
    .reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []);
};
