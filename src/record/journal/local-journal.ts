import { systemClock } from '../../aws/clock.ts';
import type { Journal } from '../trail/journal.ts';
import { fileJournal, journalRoot } from './file-journal.ts';

/**
 * The journal of this machine where a person runs Cordon by hand, also through `sam local invoke`;
 * never in Lambda, whose disk is gone with the next container.
 */
export const localJournal = (
  environment: Readonly<Record<string, string | undefined>>,
): { readonly journal?: Journal } =>
  environment.AWS_SAM_LOCAL === 'true'
    ? { journal: fileJournal(journalRoot(environment), systemClock.now) }
    : {};
