import type * as z from 'zod/mini';
import { quoted } from '../case/quoted.ts';

/** The most of a key that somebody else named, in characters, and the most of such keys. */
const shown = { characters: 40, keys: 5 };

const describePath = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the event' : path.map(String).join('.');

/** The small build of zod has no words of its own, so a missing or mistyped field gets ours. */
const describeIssue = (issue: z.core.$ZodIssue): string => {
  if (issue.message !== 'Invalid input') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'missing; ' : ''}accepted is ${issue.expected}`;
    case 'invalid_value':
      return `accepted is ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return `not accepted: ${issue.keys
        .slice(0, shown.keys)
        .map((key) => quoted(key, shown.characters))
        .join(', ')}`;
    case 'too_big':
      return `accepted is at most ${issue.maximum}`;
    case 'too_small':
      return `accepted is at least ${issue.minimum}`;
    default:
      return 'not accepted';
  }
};

/** The issues of a failed parse as one readable list: `detail.id: missing; accepted is string`. */
export const complaintOf = (error: z.core.$ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${describePath(issue.path)}: ${describeIssue(issue)}`)
    .join('; ');
