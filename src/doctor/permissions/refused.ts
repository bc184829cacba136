import { oneLine } from '../../case/one-line.ts';
import type { Finding } from '../check.ts';
import type { Cause, Refusal } from './simulate.ts';

/** A refusal, and whose it is: a function, or undefined for the person who asks. */
export interface Refused extends Refusal {
  readonly owner?: string;
}

const causes: Readonly<Record<Cause, string>> = {
  'service-control-policy': 'denied by a service control policy',
  boundary: 'denied by a permissions boundary',
  'explicit-deny': 'denied by a policy',
  'not-allowed': 'not allowed',
  undecided: 'allowed only under conditions',
};

/** What to do, where it is not said by whoever asks. */
const remedies: Readonly<Partial<Record<Cause, string>>> = {
  'service-control-policy': "ask its owner to except Cordon's roles",
  boundary: 'have the boundary allow it',
  'explicit-deny': 'find the policy that denies it, and except the role',
  undecided: 'rehearse it with --instance',
};

/** Actions that are named; of more, only how many there are. */
const mostNamed = 3;

const listed = (words: readonly string[]): string => {
  const more = words.length - mostNamed;
  return `${words.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const whose = ({ owner }: Refused): readonly string[] => (owner === undefined ? [] : [owner]);

/**
 * One finding per cause, because one cause has one remedy.
 *
 * @param otherwise what to do where no policy allows it.
 */
export const refusedFindings = (
  refused: readonly Refused[],
  otherwise: string,
): readonly Finding[] =>
  (Object.keys(causes) as readonly Cause[]).flatMap((cause): readonly Finding[] => {
    const these = refused.filter((one) => one.cause === cause);
    if (these.length === 0) return [];
    const actions = [...new Set(these.map(({ action }) => oneLine(action)))];
    const owners = [...new Set(these.flatMap(whose))];
    const keys = [...new Set(these.flatMap((one) => one.keys))].map((key) => oneLine(key));
    const of = owners.length === 0 ? '' : ` of ${listed(owners)}`;
    const on = keys.length === 0 ? '' : ` (${listed(keys)})`;
    return [
      {
        state: cause === 'undecided' ? 'warn' : 'FAIL',
        says: `${listed(actions)}${of}: ${causes[cause]}${on}`,
        remedy: remedies[cause] ?? otherwise,
      },
    ];
  });
