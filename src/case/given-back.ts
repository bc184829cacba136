import { actions } from '../actions/index.ts';
import type { Before } from './before.ts';
import type { Control } from './control.ts';
import type { Phase } from './undo/inverse.ts';

/** Why a step of a repeat leaves alone what it did before. */
export const givenBackReason = 'a person has given it back, and the case stays open';

/** Whether a person has given back what belongs to this part of a release. */
export const isGivenBack = ({ givenBack = [] }: Before, phase: Phase): boolean =>
  givenBack.includes(phase);

/**
 * The proof of a case of which a person has given a part back: what belongs to that part is told as it
 * is, and is not required to hold.
 */
export const withoutGivenBack = (
  proof: readonly Control[],
  given: readonly Phase[],
): readonly Control[] => {
  const expectedOpen = new Set(
    actions.flatMap(({ phase, controls }) => (given.includes(phase) ? controls : [])),
  );
  return proof.map((one) =>
    expectedOpen.has(one.control)
      ? { ...one, required: false, observed: `given back by a person: ${one.observed}` }
      : one,
  );
};
