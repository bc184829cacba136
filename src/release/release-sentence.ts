import { oneLine } from '../case/one-line.ts';
import type { ReleaseResult } from './release-result.ts';

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const words = ({ status, reason, done, remaining, notAsBefore }: ReleaseResult): string => {
  const listed = notAsBefore.length === 0 ? '' : `, but for ${notAsBefore.length} that stand below`;
  switch (status) {
    case 'released':
      return `everything was given back and read back${listed}. ${oneLine(reason)}`;
    case 'closed':
      return `the case is closed, and nothing was given back. ${oneLine(reason)}`;
    case 'planned':
      return remaining.length === 0
        ? `nothing would be given back. ${oneLine(reason)}`
        : `${remaining.length} changes would give it back${listed}. ${oneLine(reason)}`;
    case 'contained':
      return `${done.length} changes were given back. ${oneLine(reason)}`;
    case 'release-incomplete':
      return `${done.length} changes were given back, ${remaining.length} were not. ${oneLine(reason)}`;
  }
};

/** What a release came to, in one line. */
export const releaseSentence = (result: ReleaseResult): string =>
  ended(words(result).slice(0, 700));
