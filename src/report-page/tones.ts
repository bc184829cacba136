import type { Holds } from '../case/control.ts';
import type { Tone } from './page.ts';

/** What an outcome means for the reader; one that nobody knows is a doubt. */
export const toneOfOutcome = (outcome: string | undefined): Tone => {
  switch (outcome) {
    case 'done':
    case 'already':
    case 'released':
    case 'contained':
    case 'started':
      return 'good';
    case 'failed':
    case 'release-incomplete':
      return 'bad';
    case 'skipped':
    case 'not-applicable':
    case 'planned':
      return 'quiet';
    default:
      return 'doubt';
  }
};

/** Unknown is never good. */
export const toneOfHolds = (holds: Holds): Tone => {
  if (holds === true) return 'good';
  if (holds === false) return 'bad';
  return holds === 'not-applicable' ? 'quiet' : 'doubt';
};

/** Whether something holds, in a word. */
export const wordOfHolds = (holds: Holds): string => {
  if (holds === true) return 'holds';
  if (holds === false) return 'DOES NOT HOLD';
  return holds === 'not-applicable' ? 'not applicable' : 'UNKNOWN';
};
