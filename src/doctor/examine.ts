import { giveUpAfter } from '../aws/deadline.ts';
import { inWords, isCredentialTrouble, isDenied } from '../aws/errors.ts';
import { InstanceNotFoundError, UncheckedError } from '../case/errors.ts';
import { beginningOf } from '../case/report-size.ts';
import type { Check, Finding } from './check.ts';
import { warn } from './check.ts';
import type { Examination } from './examination.ts';

/** What one check has found, as a line of the answer. */
export interface Line extends Finding {
  readonly check: string;
}

/** How long a check may take, in milliseconds. */
const usualPatience = 20_000;

/** Of what AWS says to an error, in characters. */
const longestWords = 200;

const remedyFor = (error: unknown): string => {
  if (isCredentialTrouble(error)) return 'log in again';
  if (isDenied(error)) return 'attach the policies of cordon doctor to your role: docs/iam.md';
  return 'run it again, and look here yourself meanwhile';
};

/** What could not be checked is not known to be well. */
const unchecked = (error: unknown): readonly Finding[] =>
  error instanceof UncheckedError
    ? warn(`not checked: ${error.message}`, 'mend that first')
    : warn(`not checked: ${beginningOf(inWords(error), longestWords)}`, remedyFor(error));

const look = async (check: Check, examination: Examination): Promise<readonly Finding[]> => {
  try {
    const { patience = usualPatience } = check;
    return await giveUpAfter(examination.clock, patience, () => check.look(examination));
  } catch (error) {
    // Somebody has mistyped its id.
    if (error instanceof InstanceNotFoundError) throw error;
    examination.log.warn('a check could not be made', {
      check: check.name,
      error: inWords(error),
    });
    return unchecked(error);
  }
};

/**
 * Makes the checks side by side, each with a deadline of its own; the lines stand in the order of the
 * checks.
 *
 * @throws InstanceNotFoundError where the instance that is to be rehearsed does not exist.
 */
export const examine = async (
  examination: Examination,
  checks: readonly Check[],
): Promise<readonly Line[]> => {
  const found = await Promise.all(
    checks.map(async (check) =>
      (await look(check, examination)).map((finding) => ({ check: check.name, ...finding })),
    ),
  );
  return found.flat();
};
