import type { Control, ControlName } from './control.ts';
import type { Phase } from './undo/inverse.ts';

/** What is no longer expected to hold once a phase of the release was given back. */
const controlsOf: Readonly<Record<Phase, readonly ControlName[]>> = {
  reinforcements: [],
  addresses: [],
  network: ['eni-groups', 'group-rules'],
  'load-balancers': ['targets'],
  'auto-scaling': ['asg-membership'],
  protections: [
    'termination-protection',
    'stop-protection',
    'shutdown-behavior',
    'delete-on-termination',
  ],
};

/**
 * The proof of a case of which a person has given a part back: what belongs to that part is told as it
 * is, and is not required to hold.
 */
export const withoutGivenBack = (
  proof: readonly Control[],
  given: readonly Phase[],
): readonly Control[] => {
  const expectedOpen = new Set(given.flatMap((phase) => controlsOf[phase]));
  return proof.map((one) =>
    expectedOpen.has(one.control)
      ? { ...one, required: false, observed: `given back by a person: ${one.observed}` }
      : one,
  );
};
