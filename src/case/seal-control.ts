import type { Holds, Observation } from './control.ts';

/** What the seal of one resource says, in words and as a control. */
export interface SealReading {
  readonly state: 'sealed' | 'replayed' | 'copied' | 'broken' | 'unsealed' | 'unverifiable';
  readonly signer?: 'trail' | 'trail-by-hand';
  readonly why: string;
}

const signers = { trail: 'the stack', 'trail-by-hand': 'a person by hand' } as const;

const words = (resource: string, { state, signer, why }: SealReading): string =>
  state === 'sealed' && signer !== undefined
    ? `${resource} sealed by ${signers[signer]}`
    : `${resource} ${state}: ${why}`;

const holds = (seals: readonly SealReading[]): Holds => {
  if (seals.length === 0) return 'not-applicable';
  if (seals.some(({ state }) => state === 'broken' || state === 'replayed')) return false;
  return seals.every(({ state }) => state === 'sealed') ? true : 'unknown';
};

const worstFirst = ['broken', 'replayed', 'copied', 'unverifiable', 'unsealed', 'sealed'];

/** The most resources that are named. */
const shown = 10;

/**
 * `seal`: what Cordon wrote can be told from what others wrote. A copy, which images and launch
 * templates make, is no alarm; without a seal, or a key, nothing is known.
 */
export const sealControl = (seals: Readonly<Record<string, SealReading>>): Observation => {
  const sorted = Object.entries(seals).toSorted(
    ([, a], [, b]) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state),
  );
  const observed = sorted.map(([resource, seal]) => words(resource, seal));
  return {
    control: 'seal',
    holds: holds(Object.values(seals)),
    observed:
      observed.length === 0 ? 'nothing is remembered in tags' : observed.slice(0, shown).join('; '),
  };
};
